#include "store/backup_parts.h"

#include "base/log.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_BYTES = 256, HEX_BYTES = 2 * SEGMENT_HASH_BYTES + 1 };

static const char first_line[] = "duban-backup 1\n";

/* Lines written, and their digest. */
struct lines {
    FILE *file;
    crypto_generichash_state state;
    bool failed;
};

static const char *hex(const uint8_t *bytes, size_t size, char out[HEX_BYTES])
{
    return sodium_bin2hex(out, HEX_BYTES, bytes, size);
}

static void put(struct lines *lines, const char *line)
{
    size_t size = strlen(line);

    lines->failed = lines->failed || fputs(line, lines->file) < 0 ||
                    crypto_generichash_update(&lines->state, (const uint8_t *)line, size) != 0;
}

static void put_facts(struct lines *lines, const struct backup_facts *facts)
{
    char line[LINE_BYTES];
    char digits[HEX_BYTES];

    put(lines, first_line);
    (void)snprintf(line, sizeof(line), "store %s\n",
                   hex(facts->store_id, sizeof(facts->store_id), digits));
    put(lines, line);
    (void)snprintf(line, sizeof(line), "generation %" PRIu32 "\nseq %" PRIu64 "\n",
                   facts->generation, facts->seq);
    put(lines, line);
    (void)snprintf(line, sizeof(line), "head %s\ntime_ms %" PRId64 "\n",
                   hex(facts->hash, sizeof(facts->hash), digits), facts->now_ms);
    put(lines, line);
}

static enum status failed(struct lines *lines)
{
    log_error("backup.failed doing=write file=%s reason=\"%s\"", FOLDER_MANIFEST,
              strerror(errno));
    (void)fclose(lines->file);
    return errno == ENOSPC ? STATUS_FULL : STATUS_DISK;
}

enum status backup_manifest_write(const struct folder *backup,
                                  const struct backup_manifest *manifest)
{
    int fd = openat(backup->fd, FOLDER_MANIFEST, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    struct lines lines = {.file = fd < 0 ? NULL : fdopen(fd, "w")};
    uint8_t digest[SEGMENT_HASH_BYTES];
    char line[LINE_BYTES];
    char digits[HEX_BYTES];

    if (lines.file == NULL ||
        crypto_generichash_init(&lines.state, NULL, 0, sizeof(digest)) != 0) {
        log_error("backup.failed doing=create file=%s reason=\"%s\"", FOLDER_MANIFEST,
                  strerror(errno));
        return STATUS_DISK;
    }
    put_facts(&lines, &manifest->facts);
    for (uint32_t i = 0; i < manifest->file_count; i++) {
        const struct backup_file *file = &manifest->files[i];

        (void)snprintf(line, sizeof(line), "file %s %" PRIu64 " %s\n", file->name, file->bytes,
                       hex(file->digest, sizeof(file->digest), digits));
        put(&lines, line);
    }
    if (crypto_generichash_final(&lines.state, digest, sizeof(digest)) != 0) {
        lines.failed = true;
    }
    (void)fprintf(lines.file, "digest %s\n", hex(digest, sizeof(digest), digits));
    if (lines.failed || fflush(lines.file) != 0 || fsync(fd) != 0) {
        return failed(&lines);
    }
    return fclose(lines.file) == 0 ? STATUS_OK : STATUS_DISK;
}

static bool read_hex(const char *text, uint8_t *out, size_t size)
{
    size_t got = 0;

    return strlen(text) == 2 * size &&
           sodium_hex2bin(out, size, text, 2 * size, NULL, &got, NULL) == 0 && got == size;
}

static bool take_file(struct backup_manifest *manifest, const char *line)
{
    struct backup_file file = {0};
    char name[LINE_BYTES];
    char bytes[LINE_BYTES];
    char digits[LINE_BYTES];
    char *end = NULL;

    if (sscanf(line, "file %255s %255s %255s", name, bytes, digits) != 3) {
        return false;
    }
    file.bytes = strtoull(bytes, &end, 10);
    if (*end != '\0' || strlen(name) >= sizeof(file.name) || strchr(name, '/') != NULL ||
        name[0] == '.' || !read_hex(digits, file.digest, sizeof(file.digest)) ||
        manifest->file_count == BACKUP_FILES_MAX) {
        return false;
    }
    memcpy(file.name, name, strlen(name) + 1);

    struct backup_file *files =
        realloc(manifest->files, (manifest->file_count + 1) * sizeof(*files));

    if (files == NULL) {
        return false;
    }
    manifest->files = files;
    manifest->files[manifest->file_count++] = file;
    return true;
}

/* A line of a word and a value. */
static bool take_fact(struct backup_facts *facts, const char *line)
{
    char word[LINE_BYTES];
    char value[LINE_BYTES];
    char *end = value;

    if (sscanf(line, "%255s %255s", word, value) != 2) {
        return false;
    }
    if (strcmp(word, "store") == 0) {
        return read_hex(value, facts->store_id, sizeof(facts->store_id));
    }
    if (strcmp(word, "head") == 0) {
        return read_hex(value, facts->hash, sizeof(facts->hash));
    }
    if (strcmp(word, "generation") == 0) {
        facts->generation = (uint32_t)strtoul(value, &end, 10);
    } else if (strcmp(word, "seq") == 0) {
        facts->seq = strtoull(value, &end, 10);
    } else if (strcmp(word, "time_ms") == 0) {
        facts->now_ms = strtoll(value, &end, 10);
    }
    return end != value && *end == '\0';
}

static enum status read_lines(FILE *file, struct backup_manifest *manifest)
{
    crypto_generichash_state state;
    uint8_t digest[SEGMENT_HASH_BYTES];
    uint8_t said[SEGMENT_HASH_BYTES];
    char line[LINE_BYTES];
    bool good = fgets(line, sizeof(line), file) != NULL && strcmp(line, first_line) == 0 &&
                crypto_generichash_init(&state, NULL, 0, sizeof(digest)) == 0;
    bool ended = false;

    while (good && !ended) {
        good = crypto_generichash_update(&state, (const uint8_t *)line, strlen(line)) == 0 &&
               fgets(line, sizeof(line), file) != NULL;
        ended = good && strncmp(line, "digest ", 7) == 0;
        if (good && !ended) {
            good = strncmp(line, "file ", 5) == 0 ? take_file(manifest, line)
                                                  : take_fact(&manifest->facts, line);
        }
    }
    line[strcspn(line, "\n")] = '\0';
    return good && fgetc(file) == EOF && read_hex(line + 7, said, sizeof(said)) &&
                   crypto_generichash_final(&state, digest, sizeof(digest)) == 0 &&
                   memcmp(said, digest, sizeof(digest)) == 0
               ? STATUS_OK
               : STATUS_MALFORMED;
}

enum status backup_manifest_read(const struct folder *backup, struct backup_manifest *manifest)
{
    int fd = openat(backup->fd, FOLDER_MANIFEST, O_RDONLY | O_CLOEXEC);
    FILE *file = fd < 0 ? NULL : fdopen(fd, "r");

    *manifest = (struct backup_manifest){0};
    if (file == NULL || sodium_init() < 0) {
        return STATUS_NOT_FOUND;
    }

    enum status status = read_lines(file, manifest);

    (void)fclose(file);
    if (status != STATUS_OK) {
        free(manifest->files);
        *manifest = (struct backup_manifest){0};
    }
    return status;
}
