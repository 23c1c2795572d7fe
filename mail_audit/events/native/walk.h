/* One pass over a line: the automata of a head, and the search for needles. */
#ifndef VANTHU_WALK_H
#define VANTHU_WALK_H

#include "tables.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

/* ---- sixteen bytes at once, where the processor can ---- */

static int is_printable(uint8_t byte) { return byte >= 0x20 && byte < 0x7f; }

/* Where the line that begins at `at` ends; `plain` tells whether all of it is printable ASCII. */
static size_t line_end(const uint8_t *data, size_t at, size_t size, int *plain) {
    *plain = 1;
#ifdef __SSE2__
    const __m128i feed = _mm_set1_epi8('\n'), low = _mm_set1_epi8(0x1f), high = _mm_set1_epi8(0x7f);
    for (; size - at >= 16; at += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(data + at));
        __m128i shown = _mm_and_si128(_mm_cmpgt_epi8(bytes, low), _mm_cmplt_epi8(bytes, high)); /* signed: > 0x7f is low */
        unsigned ends = (unsigned)_mm_movemask_epi8(_mm_cmpeq_epi8(bytes, feed));
        unsigned other = ~(unsigned)_mm_movemask_epi8(shown) & 0xffff;
        if (ends) {
            if (other & ((ends & -ends) - 1)) *plain = 0;
            return at + (size_t)__builtin_ctz(ends);
        }
        if (other) *plain = 0;
    }
#endif
    for (; at < size && data[at] != '\n'; at++)
        if (!is_printable(data[at])) *plain = 0;
    return at;
}

/* Where the first of STOPS bytes stands, or the end. */
static uint32_t until(const uint8_t *stops, const uint8_t *line, uint32_t i, uint32_t size) {
#ifdef __SSE2__
    const __m128i a = _mm_set1_epi8((char)stops[0]), b = _mm_set1_epi8((char)stops[1]),
                  c = _mm_set1_epi8((char)stops[2]), d = _mm_set1_epi8((char)stops[3]);
    for (; size - i >= 16; i += 16) {
        __m128i bytes = _mm_loadu_si128((const __m128i *)(line + i));
        __m128i one = _mm_or_si128(_mm_cmpeq_epi8(bytes, a), _mm_cmpeq_epi8(bytes, b));
        __m128i two = _mm_or_si128(_mm_cmpeq_epi8(bytes, c), _mm_cmpeq_epi8(bytes, d));
        unsigned found = (unsigned)_mm_movemask_epi8(_mm_or_si128(one, two));
        if (found) return i + (uint32_t)__builtin_ctz(found);
    }
#endif
    while (i < size && line[i] != stops[0] && line[i] != stops[1] && line[i] != stops[2] && line[i] != stops[3]) i++;
    return i;
}

/* Where a run of bytes that stay in `state` ends; the line is plain. */
static uint32_t run_end(const uint64_t *sets, const State *state, const uint8_t *line, uint32_t i, uint32_t size) {
    if (!state->stop_count) return size;
    if (state->stop_count <= STOPS) return until(state->stops, line, i, size);
    while (i < size && (sets[line[i] * WORDS + state->run_word] & state->run)) i++;
    return i;
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

enum extent { BEGINNING, HEAD, WHOLE };

/* The state at the end of the line, NULL where the line leaves the automaton; a BEGINNING ends in the first state that
 * accepts, a HEAD where all that the head tells has been read. Begins in `state`, where `*read` bytes led, and tells how
 * many are read at the end. */
static const State *walk(const Tables *t, const Machine *m, const uint8_t *line, uint32_t size, uint32_t *slots,
                         uint32_t base, const State *state, uint32_t *read, enum extent extent) {
    const uint64_t *sets = t->sets;
    for (uint32_t i = *read;;) {
        if (extent == BEGINNING && state->accept) return state;
        if (state->run) i = run_end(sets, state, line, i, size);
        if (i == size) {
            *read = i;
            return state;
        }
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
        if (edge->head_ends && extent == HEAD) {
            *read = i;
            return state;
        }
    }
}

/* Whether a line begins as the automaton wants it. */
static int begins_as(const Tables *t, const Machine *m, const uint8_t *line, uint32_t size, uint32_t *slots,
                     uint32_t base) {
    uint32_t read = 0;
    const State *end = walk(t, m, line, size, slots, base, m->states, &read, BEGINNING);
    return end && end->accept;
}

/* Whether the head of a line is read: its host, or its stamp where no host is named. */
static int past_head(const Head *head, const uint32_t *slots, uint32_t base) {
    return slots[head->ask_tells ? 1 : 3] >= base;
}

/* The state behind the head of a line, as with the last line where it begins with the same bytes. */
static const State *walk_head(const Tables *t, const Head *head, Memory *memory, const uint8_t *line, uint32_t size,
                              uint32_t *slots, uint32_t base, uint32_t *read) {
    const Machine *m = &head->fast;
    if ((*read = recall(memory, line, size, slots, base))) return memory->state;
    const State *state = walk(t, m, line, size, slots, base, m->states, read, HEAD);
    if (state && past_head(head, slots, base)) remember(memory, state, line, *read, slots, base);
    return state;
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

static int is_tag(const Tag *known, const uint8_t *tag, uint32_t size) {
    return known->size == size && size && same(known->bytes, tag, size);
}

static void keep_tag(Tag *known, const uint8_t *tag, uint32_t size, uint32_t needles) {
    known->size = size <= LONGEST_TAG ? size : 0;
    if (known->size) memcpy(known->bytes, tag, size);
    known->needles = needles;
}

/* What is known of the program in a tag; a log has few tags, each many times. */
static Tag *tag_of(Scanner *s, const uint8_t *tag, uint32_t size) {
    const Tables *t = s->tables;
    Tag *known = s->tags + (size ? (tag[size - 1] ^ size) % TAGS : 0);
    if (is_tag(known, tag, size)) return known;
    uint32_t i = 1;
    while (i < t->needles_count && !is_among(t->needles[i].programs, t->needles[i].programs_size, tag, size)) i++;
    keep_tag(known, tag, size, i < t->needles_count ? i : 0);
    known->mostly_dull = 0;
    return known;
}

/* Whether a message begins as one that matters does. */
static int begins(const Tables *t, const Needles *n, const uint8_t *message, uint32_t size) {
    uint32_t none[1]; /* this automaton has no actions */
    return begins_as(t, &n->begins, message, size, none, 1);
}

/* Whether a line, of whose head all but the tag from `place` on is known, is surely no event. Most lines of a server
 * that faces the Internet are of strangers: where the last line of a program was dull, this one is looked at first. */
static int is_surely_dull(Scanner *s, const uint8_t *line, uint32_t size, uint32_t place) {
    static const uint8_t ends[STOPS] = {'[', ':', ' ', ' '};
    uint32_t stop = until(ends, line, place, size);
    Tag *tag = tag_of(s, line + place, stop - place);
    if (!tag->mostly_dull) return 0;
    const Needles *n = s->tables->needles + tag->needles;
    uint32_t message = tag->needles && n->knows_begins ? message_after(line, size, stop) : 0;
    tag->mostly_dull = message && !begins(s->tables, n, line + message, size - message);
    return (int)tag->mostly_dull;
}

/* Whether a line may be an event after all: it begins as a message of its program does that matters, or, where that is
 * not known, holds a literal of one. */
static int may_be_event(Scanner *s, const uint8_t *line, uint32_t size, const uint32_t *slots, uint32_t base) {
    const Tables *t = s->tables;
    if (slots[4] < base || slots[5] < slots[4]) return has_needle(t->needles, line, size);
    Tag *tag = tag_of(s, line + (slots[4] - base), slots[5] - slots[4]);
    if (!tag->needles) return 0;
    const Needles *n = t->needles + tag->needles;
    uint32_t message = n->knows_begins ? message_after(line, size, slots[5] - base) : 0;
    int may_be = message ? begins(t, n, line + message, size - message) : has_needle(n, line, size);
    tag->mostly_dull = !may_be;
    return may_be;
}

#endif
