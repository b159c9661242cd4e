/* Who may wait, who is refused first, and that refusal keeps a connection's order. */
#include "lib/check.h"
#include "net/intake.h"

#include <stdio.h>
#include <string.h>

static void put_field(uint8_t *frame, size_t *size, unsigned number, const char *text)
{
    size_t length = strlen(text);

    frame[(*size)++] = (uint8_t)(number << 3 | 2);
    frame[(*size)++] = (uint8_t)length;
    memcpy(frame + *size, text, length);
    *size += length;
}

/* A letter of a connection with one event; with a procedure it opens a case. */
static struct letter letter_of(const char *route, const char *id, const char *procedure)
{
    struct letter letter = {.delimited = false};
    uint8_t frame[256] = {0x08, 1, 0x12}; /* number 1, publish: … */
    uint8_t event[200];
    size_t size = 0;

    put_field(event, &size, 1, id);
    put_field(event, &size, 2, "test");
    put_field(event, &size, 3, "gulou");
    put_field(event, &size, 4, "K-1");
    put_field(event, &size, 12, procedure);
    frame[3] = (uint8_t)size;
    memcpy(frame + 4, event, size);
    CHECK(zmq_msg_init_size(&letter.route, strlen(route)) == 0);
    memcpy(zmq_msg_data(&letter.route), route, strlen(route));
    CHECK(zmq_msg_init_size(&letter.body, size + 4) == 0);
    memcpy(zmq_msg_data(&letter.body), frame, size + 4);
    return letter;
}

static enum intake_verdict sends(struct intake *intake, const char *route, const char *id,
                                 const char *procedure, int64_t now_ms)
{
    struct letter letter = letter_of(route, id, procedure);
    struct bytes reply = {0};
    enum intake_verdict verdict = intake_admit(intake, DOOR_EVENTS, &letter, now_ms, &reply);

    CHECK((verdict == INTAKE_BUSY) == (reply.size > 0));
    if (verdict != INTAKE_TAKEN) {
        letter_drop(&letter);
    }
    return verdict;
}

/* How many events a connection brings in until it is refused. */
static uint32_t floods(struct intake *intake, const char *route, const char *procedure)
{
    char id[32];
    uint32_t taken = 0;

    for (;; taken++) {
        (void)snprintf(id, sizeof(id), "%s%u", route, taken);
        if (sends(intake, route, id, procedure, 0) != INTAKE_TAKEN) {
            return taken;
        }
    }
}

static void leave(struct intake *intake, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        letter_drop(&intake_first(intake)->letter);
        intake_next(intake);
    }
}

static void a_flood_leaves_room_for_others(void)
{
    struct intake intake;
    char route[8] = "a";

    CHECK(intake_open(&intake));
    CHECK(floods(&intake, "a", "") <= ROOM_LETTERS_MAX / 2);
    for (char name = 'b'; name < 'h'; name++) {
        route[0] = name;
        (void)floods(&intake, route, "");
    }
    CHECK(intake.room.count < ROOM_LETTERS_MAX);
    CHECK(sends(&intake, "newcomer", "n", "", 0) == INTAKE_TAKEN);
    intake_close(&intake);
}

static void peers_take_turns(void)
{
    struct intake intake;
    uint32_t waiting = 0;

    CHECK(intake_open(&intake));
    (void)floods(&intake, "a", "");
    CHECK(sends(&intake, "b", "alone", "", 0) == INTAKE_TAKEN);
    for (waiting = intake.room.count; waiting > 0; waiting = intake.room.count) {
        struct peer *b = intake.room.turn;

        if (bytes_equal((struct bytes){zmq_msg_data(&b->route), zmq_msg_size(&b->route)},
                        (struct bytes){(const uint8_t *)"b", 1})) {
            break;
        }
        leave(&intake, 1);
    }
    CHECK(waiting >= ROOM_LETTERS_MAX / 2 - 256);
    intake_close(&intake);
}

static void new_cases_are_refused_before_known_ones(void)
{
    struct intake intake;
    char route[8] = "a";

    CHECK(intake_open(&intake));
    for (char name = 'a'; name < 'd'; name++) {
        route[0] = name;
        (void)floods(&intake, route, "");
    }
    CHECK(sends(&intake, "opens", "n", "minor", 0) == INTAKE_BUSY);
    CHECK(sends(&intake, "knows", "n", "", 0) == INTAKE_TAKEN);
    intake_close(&intake);
}

static void questions_are_refused_before_new_cases(void)
{
    struct intake intake;
    char route[8] = "a";

    CHECK(intake_open(&intake));
    CHECK(intake_has_room_for_questions(&intake));
    for (char name = 'a'; intake_has_room_for_questions(&intake) && name < 'z'; name++) {
        route[0] = name;
        (void)floods(&intake, route, "minor");
    }
    CHECK(!intake_has_room_for_questions(&intake));
    CHECK(sends(&intake, "opens", "n", "minor", 0) == INTAKE_TAKEN);
    leave(&intake, intake.room.count / 2);
    CHECK(intake_has_room_for_questions(&intake));
    intake_close(&intake);
}

static void from_the_first_busy_on_all_is_busy_until_it_comes_again(void)
{
    struct intake intake;
    char refused[32];

    CHECK(intake_open(&intake));

    uint32_t taken = floods(&intake, "a", "");

    (void)snprintf(refused, sizeof(refused), "a%u", taken);
    leave(&intake, taken);
    CHECK(intake.room.count == 0);
    CHECK(sends(&intake, "a", "later", "", 1) == INTAKE_BUSY);
    CHECK(sends(&intake, "b", "another", "", 1) == INTAKE_TAKEN);
    CHECK(sends(&intake, "a", refused, "", 1) == INTAKE_TAKEN);
    CHECK(sends(&intake, "a", "later", "", 1) == INTAKE_TAKEN);
    CHECK(intake.peers.refused_count == 0);
    leave(&intake, 3);
    CHECK(intake.peers.count == 0);
    intake_close(&intake);
}

static void a_refusal_that_nobody_comes_back_for_lapses(void)
{
    struct intake intake;

    CHECK(intake_open(&intake));
    leave(&intake, floods(&intake, "a", ""));
    CHECK(sends(&intake, "a", "later", "", PEERS_REFUSAL_MS - 1) == INTAKE_BUSY);
    CHECK(sends(&intake, "a", "later", "", PEERS_REFUSAL_MS) == INTAKE_TAKEN);
    intake_close(&intake);
}

/* Thousands of connections that were refused and went away: their places are found again. */
static void refusals_are_bounded(void)
{
    struct intake intake;
    char route[32];
    uint32_t held = 0;

    CHECK(intake_open(&intake));
    for (char name = 'a'; name < 'd'; name++) {
        route[0] = name;
        route[1] = '\0';
        (void)floods(&intake, route, "");
    }
    for (uint32_t i = 0; i < 2 * PEERS_MAX; i++) {
        (void)snprintf(route, sizeof(route), "r%u", i);
        held += sends(&intake, route, "x", "minor", 0) == INTAKE_HELD;
    }
    CHECK(held > 0);
    CHECK_INTEGER(intake.peers.count, PEERS_MAX);
    CHECK(sends(&intake, "late", "x", "minor", PEERS_REFUSAL_MS) == INTAKE_BUSY);
    CHECK_INTEGER(intake.peers.refused_count, 1);
    leave(&intake, intake.room.count);
    CHECK_INTEGER(intake.peers.count, 1);
    intake_close(&intake);
}

int main(int argc, char **argv)
{
    static const struct test tests[] = {
        TEST(a_flood_leaves_room_for_others),
        TEST(peers_take_turns),
        TEST(new_cases_are_refused_before_known_ones),
        TEST(questions_are_refused_before_new_cases),
        TEST(from_the_first_busy_on_all_is_busy_until_it_comes_again),
        TEST(a_refusal_that_nobody_comes_back_for_lapses),
        TEST(refusals_are_bounded),
    };

    return run_tests(tests, sizeof(tests) / sizeof(tests[0]), argc, argv);
}
