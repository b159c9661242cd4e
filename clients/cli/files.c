#include "cli/files.h"

#include "cli/words.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

static const struct message not_read = {
    "file_not_read", "cannot read `{0}`: {1}. Check the path and your right to read it",
    "无法读取“{0}”：{1}。请检查路径和读取权限"};
static const struct message too_large = {
    "file_too_large", "`{0}` is larger than 64 MiB; that is not a file for this command",
    "“{0}”超过 64 MiB，不像是此命令要读的文件"};
static const struct message no_memory = {"file_no_memory", "no memory left to read `{0}`",
                                         "内存不足，无法读取“{0}”"};

enum { CHUNK_BYTES = 64 * 1024 };

/* The size is not asked for beforehand: a pipe has none. */
static bool read_all(FILE *stream, const char *path, struct arena *arena, struct source *source)
{
    size_t room = CHUNK_BYTES;
    char *bytes = arena_take(arena, room);
    size_t size = 0;

    while (bytes != NULL) {
        size_t got = fread(bytes + size, 1, room - size, stream);

        size += got;
        if (got == 0 && ferror(stream) != 0) {
            complain(&not_read, (const char *[]){path, strerror(errno)});
            return false;
        }
        if (size < room && feof(stream) != 0) {
            source->bytes = (struct text){.bytes = bytes, .size = size};
            return true;
        }
        if (size > FILE_BYTES_MAX) {
            complain_of(&too_large, path);
            return false;
        }
        if (size == room) {
            char *larger = arena_take(arena, room * 2);

            if (larger != NULL) {
                memcpy(larger, bytes, size);
            }
            bytes = larger;
            room *= 2;
        }
    }
    complain_of(&no_memory, path);
    return false;
}

bool file_read(const char *path, struct arena *arena, struct source *source)
{
    bool standard = strcmp(path, "-") == 0;
    FILE *stream = standard ? stdin : fopen(path, "rb");

    if (stream == NULL) {
        complain(&not_read, (const char *[]){path, strerror(errno)});
        return false;
    }
    source->name = text_of(standard ? "<stdin>" : path);

    bool read = read_all(stream, path, arena, source);

    if (!standard) {
        (void)fclose(stream);
    }
    return read;
}
