/* Calls that change files, made to fail, or to be the last thing that a process does.

   Preloaded (LD_PRELOAD) into a command, this stands between it and the C library. It counts the calls that change
   anything in one folder, writes each into a log, and at a chosen one gives an error, kills the process, or copies the
   folder: what is in the copy is what would have been left, had the process been killed there. Only one process is
   touched, not its children, who inherit the environment.

     FAULTY_CALLS_PROCESS   the number of the process
     FAULTY_CALLS_FOLDER    the folder, an absolute path without symbolic links
     FAULTY_CALLS_LOG       a file outside it, for a line for each call: its number, its kind, its path
     FAULTY_CALLS_RULES     kinds:number:what:path[:path of a copy], several with | between them

   kinds are names with commas between them, or "any"; number counts the calls to which the rule applies, from 1, and 0
   is each of them; what is an errno, "kill", "stop" (SIGTERM, of which the process learns when the call is done) or
   "copy"; path, which may be empty, is the one that must be concerned. */

#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <signal.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef RENAME_EXCHANGE
#define RENAME_EXCHANGE 2
#endif

#define MOST_RULES 8

struct rule {
    char kinds[200], what[20], path[PATH_MAX], copy[PATH_MAX];
    long number, met;
};

static struct rule rules[MOST_RULES];
static int how_many_rules, log_file = -1;
static long calls;
static pid_t concerned;
static char folder[PATH_MAX];
static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER;
extern char **environ;

static void take(char *into, size_t size, char **from) {
    char *part = *from ? strsep(from, ":") : NULL;
    snprintf(into, size, "%s", part ? part : "");
}

/* Called when the library is loaded, and again by a process that was forked and given another environment. */
__attribute__((constructor, visibility("default"))) void faulty_calls_begin(void) {
    char *process = getenv("FAULTY_CALLS_PROCESS"), *within = getenv("FAULTY_CALLS_FOLDER");
    char *log = getenv("FAULTY_CALLS_LOG"), *given = getenv("FAULTY_CALLS_RULES"), *rest, *one, number[20];
    concerned = process && within && log ? (pid_t)atol(process) : 0;
    how_many_rules = calls = 0;
    if (concerned != getpid()) return;
    snprintf(folder, sizeof folder, "%s", within);
    log_file = (int)syscall(SYS_openat, AT_FDCWD, log, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    for (rest = given ? strdup(given) : NULL; rest && *rest && how_many_rules < MOST_RULES; how_many_rules++) {
        struct rule *rule = &rules[how_many_rules];
        one = strsep(&rest, "|");
        take(rule->kinds, sizeof rule->kinds, &one);
        take(number, sizeof number, &one);
        take(rule->what, sizeof rule->what, &one);
        take(rule->path, sizeof rule->path, &one);
        take(rule->copy, sizeof rule->copy, &one);
        rule->number = atol(number);
        rule->met = 0;
    }
}

static int inside(const char *path) {
    size_t length = strlen(folder);
    return length && !strncmp(path, folder, length) && (path[length] == '/' || !path[length]);
}

static void of_descriptor(int descriptor, char *path) {
    char link[40];
    ssize_t length;
    snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
    length = readlink(link, path, PATH_MAX - 1);
    path[length < 0 ? 0 : length] = 0;
}

static void of_name(int beside, const char *name, char *path) {
    char above[PATH_MAX] = "";
    if (name[0] == '/') {
        snprintf(path, PATH_MAX, "%s", name);
        return;
    }
    if (beside == AT_FDCWD) {
        if (!getcwd(above, sizeof above)) above[0] = 0;
    } else {
        of_descriptor(beside, above);
    }
    if (snprintf(path, PATH_MAX, "%s/%s", above, name) >= PATH_MAX) path[0] = 0;
}

static void copy_folder(const char *into) {
    char place[PATH_MAX + 24];
    char *arguments[] = {"cp", "-a", folder, place, NULL};
    pid_t child;
    snprintf(place, sizeof place, "%s/%ld", into, calls);
    if (!posix_spawnp(&child, "cp", NULL, NULL, arguments, environ)) waitpid(child, NULL, 0);
}

static int has_kind(const struct rule *rule, const char *kind) {
    size_t length = strlen(kind);
    const char *at = rule->kinds;
    if (!strcmp(at, "any")) return 1;
    while ((at = strstr(at, kind))) {
        if ((at == rule->kinds || at[-1] == ',') && (!at[length] || at[length] == ',')) return 1;
        at += length;
    }
    return 0;
}

/* Count a call and give the error that it is to have, or 0. */
static int met(const char *kind, const char *path, const char *other) {
    char line[2 * PATH_MAX + 60];
    int error = 0, at, length;
    if (!concerned || getpid() != concerned || !(inside(path) || (other && inside(other)))) return 0;
    pthread_mutex_lock(&one_at_a_time);
    calls++;
    length = snprintf(line, sizeof line, "%ld %s %s%s%s\n", calls, kind, path, other ? " -> " : "", other ? other : "");
    if (log_file >= 0) syscall(SYS_write, log_file, line, (size_t)length);
    for (at = 0; at < how_many_rules; at++) {
        struct rule *rule = &rules[at];
        if (!has_kind(rule, kind)) continue;
        if (rule->path[0] && strcmp(rule->path, path) && !(other && !strcmp(rule->path, other))) continue;
        rule->met++;
        if (rule->number && rule->number != rule->met) continue;
        if (!strcmp(rule->what, "kill")) kill(getpid(), SIGKILL);
        else if (!strcmp(rule->what, "stop")) kill(getpid(), SIGTERM);
        else if (!strcmp(rule->what, "copy")) copy_folder(rule->copy);
        else error = atoi(rule->what);
    }
    pthread_mutex_unlock(&one_at_a_time);
    return error;
}

#define REAL(result, name, ...)                                                  \
    static result (*real)(__VA_ARGS__);                                          \
    if (!real) real = (result (*)(__VA_ARGS__))dlsym(RTLD_NEXT, #name)
#define UNLESS_FAULTY(kind, path, other)                                         \
    do {                                                                         \
        int saved = errno, error = met(kind, path, other);                       \
        errno = error ? error : saved;                                           \
        if (error) return -1;                                                    \
    } while (0)

#define WRITES(flags) (((flags) & O_ACCMODE) != O_RDONLY || ((flags) & (O_CREAT | O_TRUNC)))
#define MODE(last)                                                               \
    mode_t mode = 0;                                                             \
    if (flags & (O_CREAT | __O_TMPFILE)) {                                       \
        va_list more;                                                            \
        va_start(more, last);                                                    \
        mode = va_arg(more, mode_t);                                             \
        va_end(more);                                                            \
    }

#define OPEN(name)                                                               \
    int name(const char *file, int flags, ...) {                                 \
        char path[PATH_MAX];                                                     \
        REAL(int, name, const char *, int, ...);                                 \
        MODE(flags)                                                              \
        of_name(AT_FDCWD, file, path);                                           \
        if (WRITES(flags)) UNLESS_FAULTY("open", path, NULL);                    \
        return real(file, flags, mode);                                          \
    }
OPEN(open)
OPEN(open64)

#define OPENAT(name)                                                             \
    int name(int beside, const char *file, int flags, ...) {                     \
        char path[PATH_MAX];                                                     \
        REAL(int, name, int, const char *, int, ...);                            \
        MODE(flags)                                                              \
        of_name(beside, file, path);                                             \
        if (WRITES(flags)) UNLESS_FAULTY("open", path, NULL);                    \
        return real(beside, file, flags, mode);                                  \
    }
OPENAT(openat)
OPENAT(openat64)

#define CREAT(name)                                                              \
    int name(const char *file, mode_t mode) {                                    \
        char path[PATH_MAX];                                                     \
        REAL(int, name, const char *, mode_t);                                   \
        of_name(AT_FDCWD, file, path);                                           \
        UNLESS_FAULTY("open", path, NULL);                                       \
        return real(file, mode);                                                 \
    }
CREAT(creat)
CREAT(creat64)

/* What is done to an open file. */
#define ON_FILE(result, name, kind, declared, given, ...)                        \
    result name declared {                                                       \
        char path[PATH_MAX];                                                     \
        REAL(result, name, __VA_ARGS__);                                         \
        of_descriptor(file, path);                                               \
        UNLESS_FAULTY(kind, path, NULL);                                         \
        return real given;                                                       \
    }
ON_FILE(ssize_t, write, "write", (int file, const void *data, size_t size), (file, data, size), int, const void *, size_t)
ON_FILE(ssize_t, pwrite, "write", (int file, const void *data, size_t size, off_t at), (file, data, size, at), int,
        const void *, size_t, off_t)
ON_FILE(ssize_t, pwrite64, "write", (int file, const void *data, size_t size, off64_t at), (file, data, size, at), int,
        const void *, size_t, off64_t)
ON_FILE(ssize_t, writev, "write", (int file, const struct iovec *parts, int count), (file, parts, count), int,
        const struct iovec *, int)
ON_FILE(ssize_t, sendfile, "write", (int file, int from, off_t *at, size_t size), (file, from, at, size), int, int,
        off_t *, size_t)
ON_FILE(ssize_t, sendfile64, "write", (int file, int from, off64_t *at, size_t size), (file, from, at, size), int, int,
        off64_t *, size_t)
ON_FILE(int, fsync, "fsync", (int file), (file), int)
ON_FILE(int, fdatasync, "fsync", (int file), (file), int)
ON_FILE(int, fchmod, "chmod", (int file, mode_t mode), (file, mode), int, mode_t)
ON_FILE(int, ftruncate, "truncate", (int file, off_t size), (file, size), int, off_t)
ON_FILE(int, ftruncate64, "truncate", (int file, off64_t size), (file, size), int, off64_t)

ssize_t copy_file_range(int from, off64_t *read_at, int file, off64_t *at, size_t size, unsigned int flags) {
    char path[PATH_MAX];
    REAL(ssize_t, copy_file_range, int, off64_t *, int, off64_t *, size_t, unsigned int);
    of_descriptor(file, path);
    UNLESS_FAULTY("write", path, NULL);
    return real(from, read_at, file, at, size, flags);
}

/* What is done to a name. */
#define ON_NAME(name, kind, beside, declared, given, ...)                        \
    int name declared {                                                          \
        char path[PATH_MAX];                                                     \
        REAL(int, name, __VA_ARGS__);                                            \
        of_name(beside, file, path);                                             \
        UNLESS_FAULTY(kind, path, NULL);                                         \
        return real given;                                                       \
    }
ON_NAME(mkdir, "mkdir", AT_FDCWD, (const char *file, mode_t mode), (file, mode), const char *, mode_t)
ON_NAME(mkdirat, "mkdir", at, (int at, const char *file, mode_t mode), (at, file, mode), int, const char *, mode_t)
ON_NAME(unlink, "remove", AT_FDCWD, (const char *file), (file), const char *)
ON_NAME(unlinkat, "remove", at, (int at, const char *file, int flags), (at, file, flags), int, const char *, int)
ON_NAME(rmdir, "remove", AT_FDCWD, (const char *file), (file), const char *)
ON_NAME(remove, "remove", AT_FDCWD, (const char *file), (file), const char *)
ON_NAME(chmod, "chmod", AT_FDCWD, (const char *file, mode_t mode), (file, mode), const char *, mode_t)
ON_NAME(fchmodat, "chmod", at, (int at, const char *file, mode_t mode, int flags), (at, file, mode, flags), int,
        const char *, mode_t, int)

/* What is done to two names. */
#define ON_NAMES(name, kind, from, to, declared, given, ...)                     \
    int name declared {                                                          \
        char path[PATH_MAX], other[PATH_MAX];                                    \
        REAL(int, name, __VA_ARGS__);                                            \
        of_name(from, one, path);                                                \
        of_name(to, two, other);                                                 \
        UNLESS_FAULTY(kind, path, other);                                        \
        return real given;                                                       \
    }
ON_NAMES(rename, "rename", AT_FDCWD, AT_FDCWD, (const char *one, const char *two), (one, two), const char *,
         const char *)
ON_NAMES(renameat, "rename", from, to, (int from, const char *one, int to, const char *two), (from, one, to, two), int,
         const char *, int, const char *)
ON_NAMES(renameat2, flags & RENAME_EXCHANGE ? "exchange" : "rename", from, to,
         (int from, const char *one, int to, const char *two, unsigned int flags), (from, one, to, two, flags), int,
         const char *, int, const char *, unsigned int)
ON_NAMES(link, "link", AT_FDCWD, AT_FDCWD, (const char *one, const char *two), (one, two), const char *, const char *)
ON_NAMES(linkat, "link", from, to, (int from, const char *one, int to, const char *two, int flags),
         (from, one, to, two, flags), int, const char *, int, const char *, int)
