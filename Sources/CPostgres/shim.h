#pragma once
#include <libpq-fe.h>
#include <spawn.h>

// For starting pg_ctl. glibc has them since 2.34 and 2.29; Swift's Glibc module hides what needs _GNU_SOURCE.
int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *actions, int from);
int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *actions, const char *path);
