/* Reads a piece of a log by tables that are made from the patterns (see tables.py); it knows no log format itself.
 *
 * Every line that the tables take becomes a row of columns in Arrow's layout, every readable line without a needle is
 * counted, and every other line is handed back for the columnar engine. Nothing here trusts a byte of the log: a line
 * is bounded by its length, every table by `table_ok`, which looks at each index once before a scanner is made.
 */
#define _POSIX_C_SOURCE 200809L
#include "columns.h"
#include "tables.h"
#include "walk.h"

#include <errno.h>
#include <unistd.h>

/* ---- lines ---- */

static int take_event(Scanner *s, const Head *head, const State *end, const uint8_t *line, uint32_t size,
                      uint32_t *slots, uint32_t base, int64_t offset) {
    const Tables *t = s->tables;
    uint32_t number = head->first_pattern + end->accept - 1;
    const Pattern *pattern = t->patterns + number;
    int64_t at, quarter;
    act(&head->fast, end->accept_action, slots, base + size);
    if (pattern->programs_size) { /* slots: stamp 0 and 1, host 2 and 3, tag 4 and 5 */
        if (slots[4] < base || slots[5] < slots[4]) return 0;
        const uint8_t *tag = line + (slots[4] - base);
        uint32_t tag_size = slots[5] - slots[4];
        if (!is_tag(&s->rows[number].tag, tag, tag_size)) {
            if (!is_among(t->texts + pattern->programs, pattern->programs_size, tag, tag_size)) return 0;
            keep_tag(&s->rows[number].tag, tag, tag_size, 0);
        }
    }
    if (slots[0] < base || slots[1] < slots[0]) return 0;
    if (!stamp_of(s, head->clock, line + (slots[0] - base), slots[1] - slots[0], &at, &quarter)) return 0;
    int named = slots[2] >= base && slots[3] >= slots[2];
    s->host_now = host_of(s, named ? line + (slots[2] - base) : line, named ? slots[3] - slots[2] : 0);
    put_time(s, head->clock, s->host_now, quarter);
    return put_row(s, number, line, base, slots, at, offset);
}

static int pass_over(Scanner *s, const Head *head, const uint8_t *line, const uint32_t *slots, uint32_t base) {
    int64_t at, quarter;
    if (slots[0] < base || slots[1] < slots[0]) return 0;
    if (!stamp_of(s, head->clock, line + (slots[0] - base), slots[1] - slots[0], &at, &quarter)) return 0;
    s->dull++;
    put_time(s, head->clock, -1, quarter);
    return 1;
}

static int read_line(Scanner *s, const uint8_t *line, uint32_t size, uint32_t base, int64_t offset) {
    const Tables *t = s->tables;
    for (uint32_t tried = 0; tried < t->head_count; tried++) {
        uint32_t number = (s->head + tried) % t->head_count;
        const Head *head = t->heads + number;
        uint32_t *slots = s->slots[number], read;
        const State *end = walk_head(t, head, &s->memory[number], line, size, slots, base, &read);
        int told = !head->ask_tells && past_head(head, slots, base);
        if (end && told && is_surely_dull(s, line, size, read)) {
            s->head = number;
            return pass_over(s, head, line, slots, base);
        }
        if (end) end = walk(t, &head->fast, line, size, slots, base, end, &read, WHOLE);
        told = told || begins_as(t, &head->tells, line, size, slots, base);
        if (end && end->accept) {
            if (!told) return 0;
            s->head = number;
            return take_event(s, head, end, line, size, slots, base, offset);
        }
        if (told) {
            s->head = number;
            return !may_be_event(s, line, size, slots, base) && pass_over(s, head, line, slots, base);
        }
    }
    return 0;
}

static void put_back(Scanner *s, const uint8_t *line, size_t size, int64_t offset) {
    uint8_t *place = grow(s, &s->slow, size);
    if (place) memcpy(place, line, size);
    put_number(s, &s->slow_starts, offset);
}

/* ---- what Python calls ---- */

void vanthu_close(Scanner *s) {
    if (!s) return;
    for (uint32_t i = 0; s->rows && i < s->tables->pattern_count; i++) {
        free(s->rows[i].at.bytes);
        free(s->rows[i].offset.bytes);
    }
    for (uint32_t i = 0; s->cells && i < s->tables->column_count; i++) {
        free(s->cells[i].cells.bytes);
        free(s->cells[i].valid.bytes);
    }
    for (uint32_t i = 0; i < HEADS; i++) free(s->slots[i]);
    free(s->names.slots);
    free(s->names.views.bytes);
    free(s->names.data.bytes);
    free(s->times.bytes);
    free(s->block.bytes);
    free(s->slow.bytes);
    free(s->slow_starts.bytes);
    free(s->rows);
    free(s->cells);
    free(s);
}

/* A scanner over tables that live as long as it does; NULL where they do not hold together or memory is short. */
Scanner *vanthu_open(const Tables *tables) {
    if (!table_ok(tables)) return NULL;
    Scanner *s = calloc(1, sizeof *s);
    if (!s) return NULL;
    s->tables = tables;
    s->rows = calloc(tables->pattern_count + 1, sizeof *s->rows);
    s->cells = calloc(tables->column_count + 1, sizeof *s->cells);
    s->host = NO_NAME;
    int complete = s->rows && s->cells && widened(s);
    for (uint32_t i = 0; i < tables->head_count; i++) {
        s->slots[i] = calloc(SLOTS, sizeof **s->slots);
        complete = complete && s->slots[i];
    }
    if (complete) return s;
    vanthu_close(s);
    return NULL;
}

/* Names are kept from piece to piece, but not without end. */
static void forget(Scanner *s) {
    memset(s->names.slots, 0, s->names.room * sizeof *s->names.slots);
    s->names.count = 0;
    s->names.forgotten++;
    s->names.views.used = s->names.data.used = 0;
    s->host = NO_NAME;
}

static void clear(Scanner *s) {
    for (uint32_t i = 0; i < s->tables->pattern_count; i++)
        s->rows[i].at.used = s->rows[i].offset.used = (size_t)(s->rows[i].rows = 0);
    for (uint32_t i = 0; i < s->tables->column_count; i++) {
        Cells *cells = s->cells + i;
        cells->cells.used = cells->valid.used = 0;
        cells->nulls = 0;
    }
    s->times.used = s->slow.used = s->slow_starts.used = 0;
    for (uint32_t i = 0; i < TIMES; i++) s->seen[i] = (Time){-1, -1, -1};
    if (s->names.count > MOST_NAMES || s->names.data.used > MOST_NAMES * 32u) forget(s);
    for (uint32_t i = 0; i < HEADS; i++) s->memory[i].size = 0;
    s->lines = s->dull = s->blank = s->overlong = 0;
    s->failed = 0;
}

/* Reads whole lines, beside what was read before; offsets count from `base`, or are `starts`, one a line. */
static int read_lines(Scanner *s, const uint8_t *data, size_t size, int64_t base, const int64_t *starts, size_t count) {
    if (size >= UINT32_MAX) return -1;
    for (uint32_t i = 0; i < s->tables->head_count; i++) memset(s->slots[i], 0, SLOTS * sizeof **s->slots);
    int64_t before = s->lines;
    for (size_t at = 0; at < size && !s->failed;) {
        int plain;
        size_t stop = line_end(data, at, size, &plain), length = stop - at;
        int64_t offset = base + (int64_t)at;
        if (starts) offset = (size_t)(s->lines - before) < count ? starts[s->lines - before] : base;
        if (!length && ++s->blank > BLANK_SHOWN) { /* a flood of them costs nothing */
            s->lines++;
            at = stop + 1;
            continue;
        }
        int taken = length && length <= LONGEST && plain;
        if (!taken || !read_line(s, data + at, (uint32_t)length, (uint32_t)at + 1, offset))
            put_back(s, data + at, length + (stop < size), offset);
        s->lines++;
        at = stop + 1;
    }
    return s->failed ? -1 : 0;
}

/* Reads whole lines. 0, or -1 where memory was short. */
int vanthu_scan(Scanner *s, const uint8_t *data, size_t size, int64_t base, const int64_t *starts, size_t count) {
    clear(s);
    return read_lines(s, data, size, base, starts, count);
}

/* Where the first line ends in `size` bytes, or the last one; 0 where none does. */
static size_t first_end(const uint8_t *data, size_t size) {
    const uint8_t *end = memchr(data, '\n', size);
    return end ? (size_t)(end - data) + 1 : 0;
}

static size_t last_end(const uint8_t *data, size_t size) {
    while (size && data[size - 1] != '\n') size--;
    return size;
}

/* Reads whole lines of a file, `size` bytes from `at` on, by as much as `room` at once, which is more than a line may be
 * long: a longer one is left out and counted. A file that was cut meanwhile ends where it does. 0, or -1 where memory
 * was short, or what the system says where the file cannot be read. */
int vanthu_scan_file(Scanner *s, int file, int64_t at, int64_t size, size_t room) {
    clear(s);
    s->block.used = 0;
    const uint8_t *block = grow(s, &s->block, room);
    int64_t end = at + size;
    int skipping = 0;
    while (block && at < end) {
        ssize_t n = pread(file, (uint8_t *)block, end - at < (int64_t)room ? (size_t)(end - at) : room, at);
        if (n < 0 && errno == EINTR) continue;
        if (n < 0) return errno;
        if (!n) break;
        size_t stop = skipping ? first_end(block, (size_t)n) : last_end(block, (size_t)n);
        if (!stop && (size_t)n == room) {
            s->overlong += !skipping;
            skipping = 1;
        } else if (skipping) {
            skipping = !stop;
        } else if (read_lines(s, block, stop ? stop : (size_t)n, at, NULL, 0)) {
            return -1;
        }
        at += stop ? (int64_t)stop : n;
    }
    return s->failed ? -1 : 0;
}

/* Counts of the last scan: lines, of these not of interest, handed back; bytes handed back; times; names known by now,
 * how often all names were forgotten, lines without a byte that were not handed back; rows a pattern; lines too long for a file's block. */
void vanthu_counts(const Scanner *s, int64_t *into) {
    into[0] = s->lines;
    into[1] = s->dull;
    into[2] = (int64_t)(s->slow_starts.used / 8);
    into[3] = (int64_t)s->slow.used;
    into[4] = (int64_t)(s->times.used / sizeof(Time));
    into[5] = (int64_t)s->names.count;
    into[6] = s->names.forgotten;
    into[7] = s->blank > BLANK_SHOWN ? s->blank - BLANK_SHOWN : 0;
    for (uint32_t i = 0; i < s->tables->pattern_count; i++) into[8 + i] = s->rows[i].rows;
    into[8 + s->tables->pattern_count] = s->overlong;
}

const uint8_t *vanthu_slow(const Scanner *s) { return s->slow.bytes; }
const uint8_t *vanthu_slow_starts(const Scanner *s) { return s->slow_starts.bytes; }
const uint8_t *vanthu_times(const Scanner *s) { return s->times.bytes; }

/* Column `column` of a pattern in `array`: -2 is the time, -1 the offset. 0, or -1 where memory was short. */
int vanthu_column(const Scanner *s, uint32_t pattern, int column, struct ArrowArray *array) {
    if (pattern >= s->tables->pattern_count) return -1;
    const Pattern *of = s->tables->patterns + pattern;
    const Rows *rows = s->rows + pattern;
    if (column < -2 || (column >= 0 && (uint32_t)column >= of->columns)) return -1;
    const Cells *cells = column < 0 ? NULL : s->cells + of->first_column + (uint32_t)column;
    const Buffer *held = cells ? &cells->cells : column == -2 ? &rows->at : &rows->offset;
    int64_t nulls = cells ? cells->nulls : 0;
    return make_array(array, rows->rows, nulls, held->bytes, held->used, cells ? &cells->valid : NULL, NULL) ? 0 : -1;
}

/* The names from number `first` on, as texts. */
int vanthu_names(const Scanner *s, uint32_t first, struct ArrowArray *array) {
    if (first > s->names.count) return -1;
    const uint8_t *views = s->names.views.bytes ? s->names.views.bytes + (size_t)first * 16 : NULL;
    size_t size = (size_t)(s->names.count - first) * 16;
    return make_array(array, s->names.count - first, 0, views, size, NULL, &s->names.data) ? 0 : -1;
}

#ifndef VANTHU_SOURCES
#define VANTHU_SOURCES 0
#endif
/* What this library was built from, in short: a library of other sources than those beside it is not used. */
uint32_t vanthu_sources(void) { return VANTHU_SOURCES; }

uint64_t vanthu_id(const uint8_t *text, uint32_t size) { return id_of(text, size); }
