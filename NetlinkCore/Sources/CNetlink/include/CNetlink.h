// SPDX-License-Identifier: Apache-2.0
// What the C library's Swift module leaves out. No feature macro: _GNU_SOURCE here clashes with Swift's own view of libc.
#ifndef CNETLINK_H
#define CNETLINK_H

#include <pthread.h>
#include <stdint.h>
#include <stddef.h>
#include <sys/types.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/mount.h>
#include <sys/vfs.h>
#include <sys/prctl.h>
#include <spawn.h>
#include <sched.h>

int setns(int descriptor, int type);
int unshare(int flags);
long syscall(long number, ...);

// struct sockaddr_nl, which Musl's headers lack.
struct cnetlink_address {
    unsigned short family;
    unsigned short padding;
    uint32_t port;
    uint32_t groups;
};

// struct mmsghdr, which needs a feature macro.
struct cnetlink_message {
    struct msghdr header;
    unsigned int length;
};

static inline int cnetlink_receive_many(int descriptor, struct cnetlink_message *messages, unsigned int count) {
    return (int)syscall(SYS_recvmmsg, descriptor, messages, count, 0, (void *)0);
}

// Numbers that Swift sees as enumerations in glibc's headers and as integers in Musl's.
static const int cnetlink_raw_socket = SOCK_RAW | SOCK_CLOEXEC | SOCK_NONBLOCK;
static const uint32_t cnetlink_readable = EPOLLIN;
static const uint32_t cnetlink_writable = EPOLLOUT;
static const uint32_t cnetlink_one_shot = EPOLLONESHOT;

// Threads as numbers: pthread_t is one in glibc and a pointer in Musl.
static inline int cnetlink_create_thread(
    uintptr_t *thread, const pthread_attr_t *attributes, void *(*body)(void *), void *argument) {
    pthread_t created;
    int status = pthread_create(&created, attributes, body, argument);
    if (status == 0) *thread = (uintptr_t)created;
    return status;
}

static inline int cnetlink_join_thread(uintptr_t thread) { return pthread_join((pthread_t)thread, (void *)0); }

static inline int cnetlink_detach_thread(uintptr_t thread) { return pthread_detach((pthread_t)thread); }

static inline int cnetlink_thread_id(void) { return (int)syscall(SYS_gettid); }

// Numbers that are the same on every architecture, for headers that are older than the calls.
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

static inline int cnetlink_open_process(int process) { return (int)syscall(SYS_pidfd_open, process, 0); }

static inline int cnetlink_signal_process(int descriptor, int signal) {
    return (int)syscall(SYS_pidfd_send_signal, descriptor, signal, (void *)0, 0);
}

// How many bytes of the mask the kernel filled in, or -1.
static inline int cnetlink_get_processors(void *mask, size_t length) {
    return (int)syscall(SYS_sched_getaffinity, 0, length, mask);
}

static inline int cnetlink_pipe(int *ends, int flags) { return (int)syscall(SYS_pipe2, ends, flags); }

static inline int cnetlink_bpf(int command, void *attributes, unsigned int length) {
    return (int)syscall(SYS_bpf, command, attributes, length);
}

// struct __user_cap_header_struct and struct __user_cap_data_struct.
struct cnetlink_capability_header {
    uint32_t version;
    int process;
};

struct cnetlink_capability_word {
    uint32_t effective;
    uint32_t permitted;
    uint32_t inheritable;
};

static inline int cnetlink_get_capabilities(
    struct cnetlink_capability_header *header, struct cnetlink_capability_word *words) {
    return (int)syscall(SYS_capget, header, words);
}

static inline int cnetlink_set_capabilities(
    struct cnetlink_capability_header *header, const struct cnetlink_capability_word *words) {
    return (int)syscall(SYS_capset, header, words);
}

static inline int cnetlink_ioctl(int descriptor, unsigned long request, void *argument) {
    return (int)syscall(SYS_ioctl, descriptor, request, argument);
}

extern char **environ;
static inline char **cnetlink_environment(void) { return environ; }

#endif
