/* What was taken out of lines, as columns: stamps, cells, and their way to Polars. */
#ifndef VANTHU_COLUMNS_H
#define VANTHU_COLUMNS_H

#include "tables.h"

struct ArrowArray {
    int64_t length, null_count, offset, n_buffers, n_children;
    const void **buffers;
    struct ArrowArray **children;
    struct ArrowArray *dictionary;
    void (*release)(struct ArrowArray *);
    void *private_data;
};

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

/* Microseconds of a stamp on its clock, and the quarter of an hour it lies in (the day's first one on a clock without a
 * zone: only its day counts); 0 for no such time. */
static int stamp_of(Scanner *s, uint32_t clock, const uint8_t *text, size_t size, int64_t *at, int64_t *quarter) {
    size_t date = clock == YEARLESS ? 6 : 10;
    if (size < date + 9 || (clock != UTC && size != date + 9)) return 0;
    int64_t day = day_of(s, text, date), fraction = 0, zone = 0;
    if (day < 365) return 0; /* 1970 with a zone could lie before it */
    if (clock == UTC && !fraction_and_zone(text + date + 9, size - date - 9, &fraction, &zone)) return 0;
    int hours = two(text + date + 1), minutes = two(text + date + 4), seconds = two(text + date + 7);
    *at = ((day * 24 + hours) * 3600 + minutes * 60 + seconds) * INT64_C(1000000) + fraction - zone;
    *quarter = clock == UTC ? *at / QUARTER : day * 96;
    return 1;
}

/* ---- names and ids ---- */

static uint64_t turned(uint64_t x, int by) { return x << by | x >> (64 - by); }

static uint64_t eight(const uint8_t *p) {
    uint64_t x;
    memcpy(&x, p, 8);
    return x;
}

static const uint64_t P1 = 0x9E3779B185EBCA87u, P2 = 0xC2B2AE3D27D4EB4Fu, P3 = 0x165667B19E3779F9u,
                      P4 = 0x85EBCA77C2B2AE63u, P5 = 0x27D4EB2F165667C5u;

static uint64_t round_of(uint64_t sum, uint64_t input) { return turned(sum + input * P2, 31) * P1; }

/* XXH64 with seed 0: https://github.com/Cyan4973/xxHash/blob/dev/doc/xxhash_spec.md */
static uint64_t id_of(const uint8_t *text, uint32_t size) {
    const uint8_t *p = text, *stop = text + size;
    uint64_t hash;
    if (size >= 32) {
        uint64_t a = P1 + P2, b = P2, c = 0, d = 0 - P1;
        for (; stop - p >= 32; p += 32) {
            a = round_of(a, eight(p)), b = round_of(b, eight(p + 8));
            c = round_of(c, eight(p + 16)), d = round_of(d, eight(p + 24));
        }
        hash = turned(a, 1) + turned(b, 7) + turned(c, 12) + turned(d, 18);
        hash = (hash ^ round_of(0, a)) * P1 + P4;
        hash = (hash ^ round_of(0, b)) * P1 + P4;
        hash = (hash ^ round_of(0, c)) * P1 + P4;
        hash = (hash ^ round_of(0, d)) * P1 + P4;
    } else {
        hash = P5;
    }
    hash += size;
    for (; stop - p >= 8; p += 8) hash = turned(hash ^ round_of(0, eight(p)), 27) * P1 + P4;
    if (stop - p >= 4) {
        uint32_t four;
        memcpy(&four, p, 4);
        hash = turned(hash ^ four * P1, 23) * P2 + P3;
        p += 4;
    }
    for (; p < stop; p++) hash = turned(hash ^ *p * P5, 11) * P1;
    hash = (hash ^ hash >> 33) * P2;
    hash = (hash ^ hash >> 29) * P3;
    return hash ^ hash >> 32;
}

static int widened(Scanner *s) {
    Names *names = &s->names;
    uint32_t room = names->room ? names->room * 2 : 1 << 14;
    Name *slots = room > UINT32_MAX / 4 ? NULL : calloc(room, sizeof *slots);
    if (!slots) {
        s->failed = 1;
        return 0;
    }
    for (uint32_t i = 0; i < names->room; i++) {
        if (!names->slots[i].used) continue;
        uint32_t at = (uint32_t)names->slots[i].id & (room - 1);
        while (slots[at].used) at = (at + 1) & (room - 1);
        slots[at] = names->slots[i];
    }
    free(names->slots);
    names->slots = slots;
    names->room = room;
    return 1;
}

/* Arrow's view of a text: its length, then up to 12 bytes, or the first 4 and where the bytes stand. */
static int put_view(Scanner *s, const uint8_t *text, uint32_t size, uint32_t *place) {
    Names *names = &s->names;
    *place = (uint32_t)names->data.used;
    uint8_t *view = grow(s, &names->views, 16), *data = size > 12 ? grow(s, &names->data, size) : NULL;
    if (!view || (size > 12 && !data)) return 0;
    memset(view, 0, 16);
    memcpy(view, &size, 4);
    memcpy(view + 4, text, size > 12 ? 4 : size);
    if (size > 12) {
        memcpy(data, text, size);
        memcpy(view + 12, place, 4);
    }
    return 1;
}

static int is_name(const Names *names, const Name *name, const uint8_t *text, uint32_t size) {
    if (name->size != size) return 0;
    const uint8_t *known = size > 12 ? names->data.bytes + name->place : names->views.bytes + name->code * 16 + 4;
    return memcmp(known, text, size) == 0;
}

/* The number of a name: the same text has the same number. */
static uint32_t name_of(Scanner *s, const uint8_t *text, uint32_t size) {
    Names *names = &s->names;
    if (names->count >= names->room / 2 && !widened(s)) return NO_NAME;
    uint64_t id = id_of(text, size);
    uint32_t at = (uint32_t)id & (names->room - 1);
    for (; names->slots[at].used; at = (at + 1) & (names->room - 1))
        if (names->slots[at].id == id && is_name(names, names->slots + at, text, size)) return names->slots[at].code;
    Name *name = names->slots + at;
    if (!put_view(s, text, size, &name->place)) return NO_NAME;
    name->id = id;
    name->size = size;
    name->code = names->count++;
    name->used = 1;
    return name->code;
}

static uint32_t host_of(Scanner *s, const uint8_t *text, uint32_t size) {
    if (s->host != NO_NAME && size == s->host_size && memcmp(text, s->host_text, size) == 0) return s->host;
    s->host = NO_NAME;
    uint32_t code = name_of(s, text, size);
    if (size > sizeof s->host_text) return code;
    memcpy(s->host_text, text, size);
    s->host_size = size;
    return s->host = code;
}

/* ---- times ---- */

static void put_time(Scanner *s, int64_t clock, int64_t host, int64_t quarter) {
    Time *last = s->seen + ((uint64_t)(quarter + host) % TIMES);
    if (last->clock == clock && last->host == host && last->quarter == quarter) return;
    *last = (Time){clock, host, quarter};
    uint8_t *place = grow(s, &s->times, sizeof *last);
    if (place) memcpy(place, last, sizeof *last);
}

/* ---- rows ---- */

/* What is wanted of a field's end, by its part; 0 where it is not there. */
static int cut_out(const Tables *t, const Part *part, const uint8_t **text, uint32_t *size) {
    const uint8_t *start = *text;
    uint32_t left = *size;
    if (left < part->after_size) return 0;
    left -= part->after_size;
    if (memcmp(start + left, t->texts + part->after, part->after_size) != 0) return 0;
    uint32_t stop = left;
    while (left && t->sets[start[left - 1] * WORDS + part->word] & part->set) left--;
    if (stop - left < part->least || stop - left > part->most || left < part->before_size) return 0;
    if (memcmp(start + left - part->before_size, t->texts + part->before, part->before_size) != 0) return 0;
    if (part->whole && left != part->before_size) return 0;
    *text = start + left;
    *size = stop - left;
    return 1;
}

static int mentions(const Tables *t, const Part *part, const uint8_t *text, uint32_t size) {
    const uint8_t *wanted = t->texts + part->before, *stop = text + size;
    for (; (size_t)(stop - text) >= part->before_size; text++) {
        text = memchr(text, wanted[0], (size_t)(stop - text) - part->before_size + 1);
        if (!text) return 0;
        if (memcmp(text, wanted, part->before_size) == 0) return 1;
    }
    return 0;
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

static void put_code(Scanner *s, Buffer *buffer, uint32_t code) {
    uint8_t *place = grow(s, buffer, sizeof code);
    if (place) memcpy(place, &code, sizeof code);
}

static int put_cell(Scanner *s, const Column *column, Cells *cells, const uint8_t *text, uint32_t size) {
    uint8_t *place;
    switch (column->kind) {
    case NUMBER:
        return put_digits(s, cells, text, size);
    case ID:
        put_number(s, &cells->cells, text ? (int64_t)id_of(text, size < LONGEST_ID ? size : LONGEST_ID) : 0);
        return text != NULL;
    case MENTION:
        if ((place = grow(s, &cells->cells, 1)))
            *place = text && mentions(s->tables, s->tables->parts + column->part - 1, text, size);
        return 1;
    case HOST:
        put_code(s, &cells->cells, s->host_now);
        return 1;
    default:
        put_code(s, &cells->cells, text ? name_of(s, text, size) : 0);
        return text != NULL;
    }
}

static int put_row(Scanner *s, uint32_t number, const uint8_t *line, uint32_t base, const uint32_t *slots, int64_t at,
                   int64_t offset) {
    const Tables *t = s->tables;
    const Pattern *pattern = t->patterns + number;
    Rows *rows = s->rows + number;
    put_number(s, &rows->at, at);
    put_number(s, &rows->offset, offset);
    for (uint32_t i = 0; i < pattern->columns; i++) {
        const Column *column = t->columns + pattern->first_column + i;
        Cells *cells = s->cells + pattern->first_column + i;
        uint32_t start = slots[column->slot], stop = slots[column->slot + 1], size = stop - start;
        const uint8_t *text = start >= base && stop >= start ? line + (start - base) : NULL;
        if (text && column->part && column->kind != MENTION && !cut_out(t, t->parts + column->part - 1, &text, &size))
            text = NULL;
        int present = put_cell(s, column, cells, text, text ? size : 0);
        uint8_t *valid = grow(s, &cells->valid, 1);
        if (valid) *valid = (uint8_t)present;
        cells->nulls += !present;
    }
    rows->rows++;
    return 1;
}

/* ---- columns for Arrow: https://arrow.apache.org/docs/format/CDataInterface.html ---- */

static void release_array(struct ArrowArray *array) {
    for (int64_t i = 0; i < array->n_children; i++)
        if (array->children[i]->release) array->children[i]->release(array->children[i]);
    free(array->private_data);
    array->release = NULL;
}

/* One column, in one block: the struct's own list of buffers, then each buffer's content. `data`: bytes of long texts,
 * where the cells are views. */
static int make_array(struct ArrowArray *array, int64_t rows, int64_t nulls, const uint8_t *cells, size_t cells_size,
                      const Buffer *valid, const Buffer *data) {
    size_t bits = nulls ? ((size_t)rows + 63) / 64 * 8 : 0, head = 64, long_text = data ? data->used : 0;
    uint8_t *block = aligned_alloc(64, (head + cells_size + 16 + bits + long_text + 127) / 64 * 64);
    memset(array, 0, sizeof *array);
    if (!block) return 0;
    const void **buffers = (const void **)block;
    uint8_t *place = block + head;
    if (cells_size) memcpy(place, cells, cells_size);
    buffers[1] = place;
    place += (cells_size + 7) / 8 * 8;
    buffers[0] = bits ? place : NULL;
    if (bits) memset(place, 0, bits);
    for (size_t i = 0; bits && i < (size_t)rows; i++) place[i / 8] |= (uint8_t)(valid->bytes[i] << (i % 8));
    place += bits;
    if (data) { /* the texts' lengths come last, in a buffer of their own */
        int64_t length = (int64_t)long_text;
        memcpy(place, &length, 8);
        buffers[3] = place;
        place += 8;
        if (long_text) memcpy(place, data->bytes, long_text);
        buffers[2] = place;
    }
    *array = (struct ArrowArray){.length = rows, .null_count = nulls, .n_buffers = data ? 4 : 2, .buffers = buffers,
                                 .release = release_array, .private_data = block};
    return 1;
}

#endif
