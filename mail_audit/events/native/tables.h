/* The tables of patterns as tables.py packs them, the scanner's own state, and the look at every index before use. */
#ifndef VANTHU_TABLES_H
#define VANTHU_TABLES_H

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#define LONGEST (64 << 10)
#define SLOTS 1024
#define WORDS 5
#define HEADS 8
#define TIMES 64
#define BLANK_SHOWN 3 /* of a piece's empty lines so many are handed back, to be shown among the broken ones */
#define LONGEST_ID 200
#define MOST_NAMES (1u << 20)
#define NO_NAME UINT32_MAX
#define STOPS 4   /* so many bytes that end a run are looked for at once */
#define TAGS 16
#define LONGEST_TAG 31
#define QUARTER INT64_C(900000000) /* microseconds of 15 minutes: every zone keeps to them */

enum clock { UTC = 0, LOCAL = 1, YEARLESS = 2 };
enum kind { NAME = 0, NUMBER = 1, ID = 2, MENTION = 3, HOST = 4 };

typedef struct {
    uint64_t run; /* bytes that stay in this state */
    uint32_t first_edge, literal;
    uint16_t edges, literal_size, target, literal_action, accept, accept_action;
    uint32_t run_word, stop_count; /* printable bytes that do not stay in it: how many, and which if at most STOPS */
    uint8_t stops[STOPS];
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
typedef struct { /* the literals of what some programs write, and how the messages that matter begin */
    const uint8_t *class;
    const uint16_t *next; /* row * classes + class -> row * classes, 0xffff where a literal ends */
    const uint8_t *shift; /* of two neighbours: how far the end of the shortest literal may move on at least */
    const uint8_t *programs; /* names, each before a line feed */
    uint32_t rows, classes, shortest, programs_size;
    Machine begins;
    uint32_t knows_begins;
} Needles;
typedef struct { /* what of a field's end is wanted: the bytes of `set` between two texts; or whether it holds one */
    uint64_t set;
    uint32_t before, before_size, after, after_size, least, most, word, whole;
} Part;
typedef struct {
    uint16_t slot, kind, part, unused; /* part: counted from 1, 0 for the whole field */
} Column;
typedef struct {
    uint32_t first_column, columns, programs, programs_size; /* programs: names, each before a line feed */
} Pattern;
typedef struct {
    const uint64_t *sets; /* of each byte: the sets it is in, as bits of WORDS words */
    const Head *heads;
    const Needles *needles; /* of all programs, then of some each */
    const Pattern *patterns;
    const Column *columns;
    const Part *parts;
    const uint8_t *texts; /* programs and what stands around parts */
    uint32_t head_count, needles_count, pattern_count, column_count, part_count, text_count;
} Tables;
typedef struct { /* where the last head ended: the next line mostly begins with the same bytes */
    const State *state;
    uint32_t size, slots[4];
    uint8_t bytes[64];
} Memory;

typedef struct { /* what is known of the program in a tag: the needles of its group, 0 where nothing it writes matters */
    uint32_t size, needles, mostly_dull;
    uint8_t bytes[LONGEST_TAG + 1];
} Tag;

typedef struct {
    uint8_t *bytes;
    size_t used, room;
} Buffer;
typedef struct {
    Buffer cells, valid; /* `valid`: a byte a row */
    int64_t nulls;
} Cells;
typedef struct {
    uint64_t id;
    uint32_t code, size, place, used;
} Name;
typedef struct { /* every name once, by its number; it lives as long as the scanner, or until it is large */
    Name *slots;
    uint32_t room, count;
    int64_t forgotten;
    Buffer views, data; /* as Arrow's views of text, and the bytes of long ones */
} Names;
typedef struct {
    int64_t clock, host, quarter;
} Time;
typedef struct {
    Buffer at, offset;
    int64_t rows;
    Tag tag; /* the last one that a row was taken behind */
} Rows;
typedef struct {
    const Tables *tables;
    Rows *rows;
    Cells *cells;
    Names names;
    Buffer times, slow, slow_starts, block;
    Time seen[TIMES]; /* the last ones, so that each is noted once or a few times */
    uint32_t *slots[HEADS];
    Memory memory[HEADS];
    Tag tags[TAGS];
    uint32_t head;
    int failed;
    uint8_t day_text[10];
    size_t day_size;
    int64_t day, lines, dull, blank, overlong;
    uint8_t host_text[64];
    uint32_t host_size, host, host_now; /* the last host and its number among the names */
} Scanner;

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

static int needles_ok(const Needles *n) {
    if (n->knows_begins && !machine_ok(&n->begins)) return 0;
    if (!n->classes || !n->rows || n->shortest < 2) return 0;
    for (int i = 0; i < 256; i++)
        if (n->class[i] >= n->classes) return 0;
    for (uint32_t i = 0; i < n->rows * n->classes; i++)
        if (n->next[i] != 0xffff && n->next[i] > (n->rows - 1) * n->classes) return 0;
    return 1;
}

static int table_ok(const Tables *t) {
    if (!t->head_count || t->head_count > HEADS || !t->needles_count) return 0;
    for (uint32_t i = 0; i < t->needles_count; i++)
        if (!needles_ok(t->needles + i)) return 0;
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
        if (p->programs > t->text_count || p->programs_size > t->text_count - p->programs) return 0;
    }
    for (uint32_t i = 0; i < t->column_count; i++)
        if (t->columns[i].slot >= SLOTS - 1 || t->columns[i].part > t->part_count || t->columns[i].kind > HOST) return 0;
    for (uint32_t i = 0; i < t->part_count; i++) {
        const Part *p = t->parts + i;
        if (p->before > t->text_count || p->before_size > t->text_count - p->before || p->word >= WORDS) return 0;
        if (p->after > t->text_count || p->after_size > t->text_count - p->after) return 0;
    }
    return 1;
}

#endif
