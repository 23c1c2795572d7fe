/* One pass over a line: the automata of a head, and the search for needles. */
#ifndef VANTHU_WALK_H
#define VANTHU_WALK_H

#include "tables.h"

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
static int has_needle(const Needles *n, const uint8_t *line, uint32_t size) {
    uint32_t last = n->shortest - 1;
    for (uint32_t start = 0; start + last < size;) {
        const uint8_t *end = line + start + last;
        uint32_t shift = n->shift[(end[-1] & 127) << 7 | (end[0] & 127)];
        if (shift) {
            start += shift;
            continue;
        }
        uint32_t row = 0;
        do {
            row = n->next[row + n->class[line[start++]]];
            if (row == 0xffff) return 1;
        } while (row && start < size);
    }
    return 0;
}

/* Whether the program in a tag (behind its last slash) is one of `names`, each before a line feed. */
static int is_among(const uint8_t *names, uint32_t names_size, const uint8_t *tag, uint32_t size) {
    for (uint32_t i = size; i-- > 0;)
        if (tag[i] == '/') {
            tag += i + 1;
            size -= i + 1;
            break;
        }
    const uint8_t *name = names, *stop = names + names_size;
    while (name < stop) {
        const uint8_t *end = memchr(name, '\n', (size_t)(stop - name));
        if (!end) return 0;
        if ((size_t)(end - name) == size && memcmp(name, tag, size) == 0) return 1;
        name = end + 1;
    }
    return 0;
}

/* Where the message begins behind a syslog tag that ends at `i` (`[pid]: `, or `: `); 0 where something else stands. */
static uint32_t message_after(const uint8_t *line, uint32_t size, uint32_t i) {
    if (i < size && line[i] == '[') {
        for (i++; i < size && line[i] >= '0' && line[i] <= '9'; i++) continue;
        if (i == size || line[i++] != ']') return 0;
    }
    return size - i >= 2 && line[i] == ':' && line[i + 1] == ' ' ? i + 2 : 0;
}

/* Whether a line may be an event after all: it begins as a message of its program does that matters, or, where that is
 * not known, holds a literal of one. */
static int may_be_event(const Tables *t, const uint8_t *line, uint32_t size, const uint32_t *slots, uint32_t base) {
    if (slots[4] < base || slots[5] < slots[4]) return has_needle(t->needles, line, size);
    const uint8_t *tag = line + (slots[4] - base);
    for (uint32_t i = 1; i < t->needles_count; i++) {
        const Needles *n = t->needles + i;
        if (!is_among(n->programs, n->programs_size, tag, slots[5] - slots[4])) continue;
        uint32_t message = n->knows_begins ? message_after(line, size, slots[5] - base) : 0;
        if (!message) return has_needle(n, line, size);
        uint32_t none[1]; /* this automaton has no actions */
        const State *end = walk(t, &n->begins, line + message, size - message, none, 1, NULL);
        return end && end->accept;
    }
    return 0;
}

#endif
