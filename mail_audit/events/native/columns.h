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

#endif
