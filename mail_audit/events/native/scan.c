/* Reads a piece of a log by tables that are made from the patterns (see tables.py); it knows no log format itself.
 *
 * Every line that the tables take becomes a row of columns in Arrow's layout, every readable line without a needle is
 * counted, and every other line is handed back for the columnar engine. Nothing here trusts a byte of the log: a line
 * is bounded by its length, every table by `table_ok`, which looks at each index once before a scanner is made.
 */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST (64 << 10)
#define SLOTS 1024
#define WORDS 4
#define HEADS 8
#define HOUR INT64_C(3600000000)

enum clock { UTC = 0, LOCAL = 1, YEARLESS = 2 };
enum kind { TEXT = 0, NUMBER = 1 };

typedef struct {
    uint64_t run; /* bytes that stay in this state */
    uint32_t first_edge, literal;
    uint16_t edges, literal_size, target, literal_action, accept, accept_action;
    uint32_t run_word;
} State;
typedef struct {
    uint64_t set;
    uint16_t target, action;
    uint16_t word, head_ends; /* whether all that the head tells has been read before this byte */
} Edge;
typedef struct {
    const State *states;
    const Edge *edges;
    const uint8_t *literals;
    const uint16_t *actions; /* at an action's number: how many slots, then the slots */
    uint32_t state_count, edge_count, literal_count, action_count;
} Machine;
typedef struct {
    Machine fast, tells;
    uint32_t clock, first_pattern, patterns;
    uint32_t ask_tells; /* whether the fast automaton takes lines that `tells` does not */
} Head;
typedef struct {
    uint16_t slot, kind, passing, unused;
} Column;
typedef struct {
    uint32_t first_column, columns, programs, programs_size; /* programs: names, each before a line feed */
} Pattern;
typedef struct {
    const uint64_t *sets; /* of each byte: the sets it is in, as bits of WORDS words */
    const Head *heads;
    const Pattern *patterns;
    const Column *columns;
    const uint8_t *programs, *needle_class;
    const uint16_t *needle_next; /* row * classes + class -> row * classes, 0xffff where a needle ends */
    const uint8_t *needle_shift; /* of two neighbours: how far the end of the shortest needle may move on at least */
    uint32_t head_count, pattern_count, column_count, program_count, needle_rows, needle_classes, shortest;
} Tables;
typedef struct { /* where the last head ended: the next line mostly begins with the same bytes */
    const State *state;
    uint32_t size, slots[4];
    uint8_t bytes[64];
} Memory;

typedef struct {
    uint8_t *bytes;
    size_t used, room;
} Buffer;
typedef struct {
    Buffer cells, data, valid; /* `valid`: a byte a row */
    int64_t nulls;
} Cells;
typedef struct {
    Buffer at, offset;
    int64_t rows;
} Rows;
typedef struct {
    const Tables *tables;
    Rows *rows;
    Cells *cells;
    Buffer hours, slow, slow_starts;
    uint32_t *slots[HEADS];
    Memory memory[HEADS];
    uint32_t head;
    int failed;
    uint8_t day_text[10];
    size_t day_size;
    int64_t day;
    int64_t last_hour, lines, dull, base;
    const int64_t *starts;
    size_t start_count;
} Scanner;

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

/* ---- buffers ---- */

static uint8_t *grow(Scanner *s, Buffer *buffer, size_t size) {
    if (buffer->room - buffer->used < size) {
        size_t room = buffer->room ? buffer->room * 2 : 4096;
        while (room - buffer->used < size) room *= 2;
        uint8_t *bytes = realloc(buffer->bytes, room);
        if (!bytes) {
            s->failed = 1;
            return NULL;
        }
        buffer->bytes = bytes;
        buffer->room = room;
    }
    uint8_t *place = buffer->bytes + buffer->used;
    buffer->used += size;
    return place;
}

static void put_number(Scanner *s, Buffer *buffer, int64_t number) {
    uint8_t *place = grow(s, buffer, sizeof number);
    if (place) memcpy(place, &number, sizeof number);
}

/* ---- tables ---- */

static int machine_ok(const Machine *m) {
    if (!m->state_count || !m->action_count || m->actions[0]) return 0;
    for (uint32_t i = 0; i < m->state_count; i++) {
        const State *state = m->states + i;
        if (state->first_edge > m->edge_count || state->edges > m->edge_count - state->first_edge) return 0;
        if (state->literal > m->literal_count || state->literal_size > m->literal_count - state->literal) return 0;
        if (state->target >= m->state_count || state->literal_action >= m->action_count) return 0;
        if (state->accept_action >= m->action_count || state->run_word >= WORDS) return 0;
    }
    for (uint32_t i = 0; i < m->edge_count; i++)
        if (m->edges[i].target >= m->state_count || m->edges[i].action >= m->action_count || m->edges[i].word >= WORDS)
            return 0;
    for (uint32_t i = 0; i < m->action_count; i++) {
        /* Any place may be taken for the start of an action: then each is one that ends in bounds, or harmless. */
        if (m->actions[i] >= SLOTS) return 0;
    }
    return 1;
}

static int table_ok(const Tables *t) {
    if (!t->head_count || t->head_count > HEADS || !t->needle_classes || !t->needle_rows) return 0;
    for (uint32_t i = 0; i < t->head_count; i++) {
        const Head *head = t->heads + i;
        if (!machine_ok(&head->fast) || !machine_ok(&head->tells) || head->clock > YEARLESS) return 0;
        if (head->first_pattern > t->pattern_count || head->patterns > t->pattern_count - head->first_pattern) return 0;
        for (uint32_t j = 0; j < head->fast.state_count; j++)
            if (head->fast.states[j].accept > head->patterns) return 0;
    }
    for (uint32_t i = 0; i < t->pattern_count; i++) {
        const Pattern *p = t->patterns + i;
        if (p->first_column > t->column_count || p->columns > t->column_count - p->first_column) return 0;
        if (p->programs > t->program_count || p->programs_size > t->program_count - p->programs) return 0;
    }
    for (uint32_t i = 0; i < t->column_count; i++)
        if (t->columns[i].slot >= SLOTS - 1) return 0;
    if (t->shortest < 2) return 0;
    for (int i = 0; i < 256; i++)
        if (t->needle_class[i] >= t->needle_classes) return 0;
    for (uint32_t i = 0; i < t->needle_rows * t->needle_classes; i++) {
        uint16_t next = t->needle_next[i];
        if (next != 0xffff && next > (t->needle_rows - 1) * t->needle_classes) return 0;
    }
    return 1;
}

/* ---- the automata ---- */

/* Slots hold places in the piece, counted from 1: what an earlier line left there lies before this line. */
static void act(const Machine *m, uint16_t action, uint32_t *slots, uint32_t place) {
    uint32_t count = m->actions[action];
    if (count > m->action_count - action - 1) return;
    for (uint32_t i = 1; i <= count; i++) slots[m->actions[action + i]] = place;
}

static int same(const uint8_t *left, const uint8_t *right, uint32_t size) {
    uint64_t a, b;
    for (; size >= 8; size -= 8, left += 8, right += 8) {
        memcpy(&a, left, 8);
        memcpy(&b, right, 8);
        if (a != b) return 0;
    }
    for (; size; size--)
        if (*left++ != *right++) return 0;
    return 1;
}

static void remember(Memory *memory, const State *state, const uint8_t *line, uint32_t size, const uint32_t *slots,
                     uint32_t base) {
    memory->size = 0;
    if (size > sizeof memory->bytes) return;
    memcpy(memory->bytes, line, size);
    for (int i = 0; i < 4; i++) memory->slots[i] = slots[i] >= base ? slots[i] - base + 1 : 0;
    memory->state = state;
    memory->size = size;
}

static uint32_t recall(const Memory *memory, const uint8_t *line, uint32_t size, uint32_t *slots, uint32_t base) {
    if (!memory->size || size < memory->size || !same(memory->bytes, line, memory->size)) return 0;
    for (int i = 0; i < 4; i++)
        if (memory->slots[i]) slots[i] = memory->slots[i] + base - 1;
    return memory->size;
}

/* The state at the end of the line, NULL where the line leaves the automaton; without `memory` it ends in the first
 * state that accepts. */
static const State *walk(const Tables *t, const Machine *m, const uint8_t *line, uint32_t size, uint32_t *slots,
                         uint32_t base, Memory *memory) {
    const uint64_t *sets = t->sets;
    uint32_t i = memory ? recall(memory, line, size, slots, base) : 0;
    const State *state = i ? memory->state : m->states;
    int prefix = !memory;
    for (;;) {
        if (prefix && state->accept) return state;
        if (state->run)
            while (i < size && (sets[line[i] * WORDS + state->run_word] & state->run)) i++;
        if (i == size) return state;
        if (state->literal_size) {
            uint32_t length = state->literal_size;
            if (size - i < length || !same(line + i, m->literals + state->literal, length)) return NULL;
            if (state->literal_action) act(m, state->literal_action, slots, base + i);
            i += length;
            state = m->states + state->target;
            continue;
        }
        const uint64_t *of = sets + line[i] * WORDS;
        const Edge *edge = m->edges + state->first_edge, *stop = edge + state->edges;
        while (edge < stop && !(edge->set & of[edge->word])) edge++;
        if (edge == stop) return NULL;
        if (edge->action) act(m, edge->action, slots, base + i);
        i++;
        state = m->states + edge->target;
        if (edge->head_ends && memory) remember(memory, state, line, i, slots, base);
    }
}

/* No needle begins before `start`: two neighbours at its shortest end tell how far it may move (Wu and Manber 1994);
 * where they end one, the table of all needles is followed until none is under way. */
static int has_needle(const Tables *t, const uint8_t *line, uint32_t size) {
    uint32_t last = t->shortest - 1;
    for (uint32_t start = 0; start + last < size;) {
        const uint8_t *end = line + start + last;
        uint32_t shift = t->needle_shift[(end[-1] & 127) << 7 | (end[0] & 127)];
        if (shift) {
            start += shift;
            continue;
        }
        uint32_t row = 0;
        do {
            row = t->needle_next[row + t->needle_class[line[start++]]];
            if (row == 0xffff) return 1;
        } while (row && start < size);
    }
    return 0;
}

static int written_by(const Tables *t, const Pattern *pattern, const uint8_t *tag, uint32_t size) {
    for (uint32_t i = size; i-- > 0;)
        if (tag[i] == '/') {
            tag += i + 1;
            size -= i + 1;
            break;
        }
    const uint8_t *name = t->programs + pattern->programs, *stop = name + pattern->programs_size;
    while (name < stop) {
        const uint8_t *end = memchr(name, '\n', (size_t)(stop - name));
        if (!end) return 0;
        if ((size_t)(end - name) == size && memcmp(name, tag, size) == 0) return 1;
        name = end + 1;
    }
    return 0;
}

/* ---- stamps: the places of the digits are those that the heads' expressions have already made sure of ---- */

static int two(const uint8_t *text) { return (text[0] - '0') * 10 + (text[1] - '0'); }

/* Days from 1970 to a day of the Gregorian calendar, by counting years from March on; -1 for a day that is none. */
static int64_t days_since(int year, int month, int day) {
    static const uint8_t lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
    if (month < 1 || month > 12 || day < 1 || day > lengths[month - 1] + (leap && month == 2)) return -1;
    int64_t y = year - (month < 3), m = (month + 9) % 12;
    return y * 365 + y / 4 - y / 100 + y / 400 + (m * 306 + 5) / 10 + day - 1 - 719468;
}

/* The day in the first bytes of a stamp, remembered from line to line; -1 for a day that is none. */
static int64_t day_of(Scanner *s, const uint8_t *text, size_t size) {
    if (size == s->day_size && memcmp(text, s->day_text, size) == 0) return s->day;
    int64_t day;
    if (size == 6) {
        static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
        int month = 0;
        while (month < 12 && memcmp(months + 3 * month, text, 3) != 0) month++;
        day = days_since(2000, month + 1, (text[4] == ' ' ? 0 : text[4] - '0') * 10 + text[5] - '0');
    } else {
        day = days_since(two(text) * 100 + two(text + 2), two(text + 5), two(text + 8));
    }
    memcpy(s->day_text, text, size);
    s->day_size = size;
    s->day = day;
    return day;
}

/* What follows the second of an ISO stamp: a fraction and a zone; 0 where they are none that `stamps.py` takes too. */
static int fraction_and_zone(const uint8_t *text, size_t size, int64_t *fraction, int64_t *zone) {
    size_t i = 0;
    int64_t unit = 100000;
    *fraction = 0;
    if (size && text[0] == '.')
        for (i = 1; i < size && text[i] >= '0' && text[i] <= '9'; i++, unit /= 10) *fraction += (text[i] - '0') * unit;
    *zone = 0;
    if (size - i == 1 && text[i] == 'Z') return 1;
    int colon = size - i == 6;
    if (size - i != 5 && !colon) return 0;
    int hours = two(text + i + 1), minutes = two(text + i + 3 + colon);
    if (hours > 23 || minutes > 59) return 0;
    *zone = (hours * 60 + minutes) * INT64_C(60000000) * (text[i] == '-' ? -1 : 1);
    return 1;
}

/* Microseconds of a stamp on its clock, and the hour that a line without an event counts for; 0 for no such time. */
static int stamp_of(Scanner *s, uint32_t clock, const uint8_t *text, size_t size, int64_t *at, int64_t *hour) {
    size_t date = clock == YEARLESS ? 6 : 10;
    if (size < date + 9 || (clock != UTC && size != date + 9)) return 0;
    int64_t day = day_of(s, text, date), fraction = 0, zone = 0;
    if (day < 365) return 0; /* 1970 with a zone could lie before it */
    if (clock == UTC && !fraction_and_zone(text + date + 9, size - date - 9, &fraction, &zone)) return 0;
    int hours = two(text + date + 1), minutes = two(text + date + 4), seconds = two(text + date + 7);
    *at = ((day * 24 + hours) * 3600 + minutes * 60 + seconds) * INT64_C(1000000) + fraction - zone;
    *hour = ((day * 24 + (clock == UTC ? hours : 0)) * HOUR - zone) / HOUR;
    return 1;
}

/* ---- rows ---- */

/* A cell of text as Arrow's view: its length, then up to 12 bytes, or the first 4 and where the bytes stand. */
static void put_text(Scanner *s, Cells *cells, const uint8_t *text, uint32_t size) {
    uint32_t before = cells->cells.used >= 16 ? 1 : 0;
    uint8_t *view = grow(s, &cells->cells, 16);
    if (!view) return;
    memset(view, 0, 16);
    if (!text) return;
    memcpy(view, &size, 4);
    if (size <= 12) {
        memcpy(view + 4, text, size);
        return;
    }
    memcpy(view + 4, text, 4);
    if (before) { /* neighbours often say the same */
        uint32_t last, place;
        memcpy(&last, view - 16, 4);
        memcpy(&place, view - 4, 4);
        if (last == size && memcmp(cells->data.bytes + place, text, size) == 0) {
            memcpy(view + 12, &place, 4);
            return;
        }
    }
    uint32_t place = (uint32_t)cells->data.used;
    uint8_t *data = grow(s, &cells->data, size);
    if (!data) return;
    memcpy(data, text, size);
    memcpy(view + 12, &place, 4);
}

/* A cell of digits; gives whether it holds a number: one beyond 63 bits does not. */
static int put_digits(Scanner *s, Cells *cells, const uint8_t *text, uint32_t size) {
    int64_t number = 0;
    int fits = text != NULL && size > 0;
    for (uint32_t i = 0; fits && i < size; i++) {
        int digit = text[i] - '0';
        if (digit < 0 || digit > 9 || number > (INT64_MAX - digit) / 10) fits = 0;
        else number = number * 10 + digit;
    }
    put_number(s, &cells->cells, fits ? number : 0);
    return fits;
}

static int put_row(Scanner *s, uint32_t number, const uint8_t *line, uint32_t base, const uint32_t *slots, int64_t at,
                   int64_t offset) {
    const Pattern *pattern = s->tables->patterns + number;
    Rows *rows = s->rows + number;
    put_number(s, &rows->at, at);
    put_number(s, &rows->offset, offset);
    for (uint32_t i = 0; i < pattern->columns; i++) {
        const Column *column = s->tables->columns + pattern->first_column + i;
        Cells *cells = s->cells + pattern->first_column + i;
        uint32_t start = slots[column->slot], stop = slots[column->slot + 1];
        int present = start >= base && stop >= start;
        const uint8_t *text = present ? line + (start - base) : NULL;
        if (column->kind == NUMBER) present = put_digits(s, cells, text, stop - start);
        else put_text(s, cells, text, present ? stop - start : 0);
        uint8_t *valid = grow(s, &cells->valid, 1);
        if (valid) *valid = (uint8_t)present;
        cells->nulls += !present;
    }
    rows->rows++;
    return 1;
}

/* ---- lines ---- */

static int is_plain(const uint8_t *line, uint32_t size) {
    uint8_t other = 0;
    for (uint32_t i = 0; i < size; i++) other |= (uint8_t)(line[i] - 0x20) > 0x5e;
    return !other;
}

static int take_event(Scanner *s, const Head *head, const State *end, const uint8_t *line, uint32_t size,
                      uint32_t *slots, uint32_t base, int64_t offset) {
    const Tables *t = s->tables;
    uint32_t number = head->first_pattern + end->accept - 1;
    const Pattern *pattern = t->patterns + number;
    int64_t at, hour;
    act(&head->fast, end->accept_action, slots, base + size);
    if (pattern->programs_size) { /* slots: stamp 0 and 1, host 2 and 3, tag 4 and 5 */
        if (slots[4] < base || slots[5] < slots[4]) return 0;
        if (!written_by(t, pattern, line + (slots[4] - base), slots[5] - slots[4])) return 0;
    }
    if (slots[0] < base || slots[1] < slots[0]) return 0;
    if (!stamp_of(s, head->clock, line + (slots[0] - base), slots[1] - slots[0], &at, &hour)) return 0;
    return put_row(s, number, line, base, slots, at, offset);
}

static int pass_over(Scanner *s, const Head *head, const uint8_t *line, uint32_t size, const uint32_t *slots,
                     uint32_t base) {
    int64_t at, hour;
    if (has_needle(s->tables, line, size) || slots[0] < base || slots[1] < slots[0]) return 0;
    if (!stamp_of(s, head->clock, line + (slots[0] - base), slots[1] - slots[0], &at, &hour)) return 0;
    s->dull++;
    if (hour != s->last_hour || !s->hours.used) {
        put_number(s, &s->hours, (int64_t)head->clock);
        put_number(s, &s->hours, hour);
        s->last_hour = hour;
    }
    return 1;
}

static int read_line(Scanner *s, const uint8_t *line, uint32_t size, uint32_t base, int64_t offset) {
    const Tables *t = s->tables;
    for (uint32_t tried = 0; tried < t->head_count; tried++) {
        uint32_t number = (s->head + tried) % t->head_count;
        const Head *head = t->heads + number;
        const State *end = walk(t, &head->fast, line, size, s->slots[number], base, &s->memory[number]);
        if (end && end->accept) {
            if (head->ask_tells) {
                const State *told = walk(t, &head->tells, line, size, s->slots[number], base, NULL);
                if (!told || !told->accept) return 0;
            }
            s->head = number;
            return take_event(s, head, end, line, size, s->slots[number], base, offset);
        }
        int told = !head->ask_tells && s->slots[number][3] >= base;
        if (!told) {
            end = walk(t, &head->tells, line, size, s->slots[number], base, NULL);
            told = end && end->accept;
        }
        if (told) {
            if (number != s->head) s->last_hour = -1;
            s->head = number;
            return pass_over(s, head, line, size, s->slots[number], base);
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
        free(s->cells[i].data.bytes);
        free(s->cells[i].valid.bytes);
    }
    for (uint32_t i = 0; i < HEADS; i++) free(s->slots[i]);
    free(s->hours.bytes);
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
    int complete = s->rows && s->cells;
    for (uint32_t i = 0; i < tables->head_count; i++) {
        s->slots[i] = calloc(SLOTS, sizeof **s->slots);
        complete = complete && s->slots[i];
    }
    if (complete) return s;
    vanthu_close(s);
    return NULL;
}

static void clear(Scanner *s) {
    for (uint32_t i = 0; i < s->tables->pattern_count; i++)
        s->rows[i].at.used = s->rows[i].offset.used = (size_t)(s->rows[i].rows = 0);
    for (uint32_t i = 0; i < s->tables->column_count; i++) {
        Cells *cells = s->cells + i;
        cells->cells.used = cells->data.used = cells->valid.used = 0;
        cells->nulls = 0;
    }
    for (uint32_t i = 0; i < s->tables->head_count; i++) memset(s->slots[i], 0, SLOTS * sizeof **s->slots);
    s->hours.used = s->slow.used = s->slow_starts.used = 0;
    for (uint32_t i = 0; i < HEADS; i++) s->memory[i].size = 0;
    s->lines = s->dull = 0;
    s->last_hour = -1;
    s->failed = 0;
}

/* Reads whole lines; offsets count from `base`, or are `starts`, one a line. 0, or -1 where memory was short. */
int vanthu_scan(Scanner *s, const uint8_t *data, size_t size, int64_t base, const int64_t *starts, size_t count) {
    clear(s);
    if (size >= UINT32_MAX) return -1;
    for (size_t at = 0; at < size && !s->failed;) {
        const uint8_t *end = memchr(data + at, '\n', size - at);
        size_t stop = end ? (size_t)(end - data) : size, length = stop - at;
        int64_t offset = base + (int64_t)at;
        if (starts) offset = (size_t)s->lines < count ? starts[s->lines] : base;
        int taken = length && length <= LONGEST && is_plain(data + at, (uint32_t)length);
        if (!taken || !read_line(s, data + at, (uint32_t)length, (uint32_t)at + 1, offset))
            put_back(s, data + at, length + (end != NULL), offset);
        s->lines++;
        at = stop + 1;
    }
    return s->failed ? -1 : 0;
}

/* Counts of the last scan: lines, of these not of interest, handed back; bytes handed back; hours; rows a pattern. */
void vanthu_counts(const Scanner *s, int64_t *into) {
    into[0] = s->lines;
    into[1] = s->dull;
    into[2] = (int64_t)(s->slow_starts.used / 8);
    into[3] = (int64_t)s->slow.used;
    into[4] = (int64_t)(s->hours.used / 16);
    for (uint32_t i = 0; i < s->tables->pattern_count; i++) into[5 + i] = s->rows[i].rows;
}

const uint8_t *vanthu_slow(const Scanner *s) { return s->slow.bytes; }
const uint8_t *vanthu_slow_starts(const Scanner *s) { return s->slow_starts.bytes; }
const uint8_t *vanthu_hours(const Scanner *s) { return s->hours.bytes; }

/* ---- columns for Arrow: https://arrow.apache.org/docs/format/CDataInterface.html ---- */

static void release_array(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release) array->children[i]->release(array->children[i]);
    free(array->private_data);
    array->release = NULL;
}

/* One column; `bytes` beside it in one block: the struct's own list of buffers, then each buffer's content. */
static int make_array(struct ArrowArray *array, int64_t rows, int64_t nulls, const Buffer *cells, const Buffer *data,
                      const Buffer *valid) {
    int text = data != NULL;
    size_t bits = nulls ? ((size_t)rows + 63) / 64 * 8 : 0, head = 64;
    size_t long_text = text ? data->used : 0;
    uint8_t *block = aligned_alloc(64, (head + cells->used + 8 + bits + long_text + 127) / 64 * 64);
    memset(array, 0, sizeof *array);
    if (!block) return 0;
    const void **buffers = (const void **)block;
    uint8_t *place = block + head;
    memcpy(place, cells->bytes, cells->used);
    buffers[1] = place;
    place += cells->used;
    buffers[0] = bits ? place : NULL;
    if (bits) memset(place, 0, bits);
    for (size_t i = 0; bits && i < (size_t)rows; i++) place[i / 8] |= (uint8_t)(valid->bytes[i] << (i % 8));
    place += bits;
    if (text) { /* the texts' lengths come last, in a buffer of their own */
        int64_t length = (int64_t)long_text;
        memcpy(place, &length, 8);
        buffers[3] = place;
        place += 8;
        if (long_text) memcpy(place, data->bytes, long_text);
        buffers[2] = place;
    }
    *array = (struct ArrowArray){.length = rows, .null_count = nulls, .n_buffers = text ? 4 : 2, .buffers = buffers,
                                 .release = release_array, .private_data = block};
    return 1;
}

/* Column `column` of a pattern in `array`: -2 is the time, -1 the offset. 0, or -1 where memory was short. */
int vanthu_column(const Scanner *s, uint32_t pattern, int column, struct ArrowArray *array) {
    if (pattern >= s->tables->pattern_count) return -1;
    const Pattern *of = s->tables->patterns + pattern;
    const Rows *rows = s->rows + pattern;
    if (column < -2 || (column >= 0 && (uint32_t)column >= of->columns)) return -1;
    if (column < 0)
        return make_array(array, rows->rows, 0, column == -2 ? &rows->at : &rows->offset, NULL, NULL) ? 0 : -1;
    const Cells *cells = s->cells + of->first_column + (uint32_t)column;
    const Buffer *data = s->tables->columns[of->first_column + (uint32_t)column].kind == TEXT ? &cells->data : NULL;
    return make_array(array, rows->rows, cells->nulls, &cells->cells, data, &cells->valid) ? 0 : -1;
}
