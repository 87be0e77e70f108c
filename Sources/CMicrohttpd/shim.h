#pragma once

#include <microhttpd.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <netinet/in.h>

/*
 * What Swift cannot call of libmicrohttpd: variadic functions, a va_list callback and a few macros.
 * No behaviour of our own lives here.
 */

typedef void (*daybook_mhd_log_line) (void *context, const char *line);

/* Everything a daemon is started with. Pointers stay the caller's and outlive the daemon. */
struct daybook_mhd_settings
{
  unsigned int flags;
  unsigned int threads;
  unsigned int connections;
  unsigned int idle_seconds;
  size_t connection_memory;
  const char *certificate;
  const char *key;
  const char *priorities;
  void *context;
  MHD_AccessHandlerCallback access;
  MHD_RequestCompletedCallback completed;
  MHD_NotifyConnectionCallback connected;
  void *(*target) (void *context, const char *uri, struct MHD_Connection *connection);
  size_t (*unescape) (void *context, struct MHD_Connection *connection, char *text);
  daybook_mhd_log_line log;
  void *log_context;
};

static inline void
daybook_mhd_log (void *settings, const char *format, va_list arguments)
{
  char line[512];
  const struct daybook_mhd_settings *s = (const struct daybook_mhd_settings *) settings;
  vsnprintf (line, sizeof (line), format, arguments);
  s->log (s->log_context, line);
}

static inline struct MHD_Daemon *
daybook_mhd_start (const struct daybook_mhd_settings *s)
{
  struct MHD_OptionItem options[16];
  int count = 0;
#define DAYBOOK_MHD_OPTION(name, number, pointer) \
  do { options[count].option = (name); options[count].value = (intptr_t) (number); \
       options[count].ptr_value = (void *) (pointer); count++; } while (0)

  /* The logger must come first: it speaks about the options after it. */
  DAYBOOK_MHD_OPTION (MHD_OPTION_EXTERNAL_LOGGER, &daybook_mhd_log, s);
  DAYBOOK_MHD_OPTION (MHD_OPTION_CONNECTION_LIMIT, s->connections, NULL);
  DAYBOOK_MHD_OPTION (MHD_OPTION_CONNECTION_TIMEOUT, s->idle_seconds, NULL);
  DAYBOOK_MHD_OPTION (MHD_OPTION_CONNECTION_MEMORY_LIMIT, s->connection_memory, NULL);
  DAYBOOK_MHD_OPTION (MHD_OPTION_STRICT_FOR_CLIENT, 1, NULL);
  DAYBOOK_MHD_OPTION (MHD_OPTION_URI_LOG_CALLBACK, s->target, s->context);
  DAYBOOK_MHD_OPTION (MHD_OPTION_UNESCAPE_CALLBACK, s->unescape, s->context);
  DAYBOOK_MHD_OPTION (MHD_OPTION_NOTIFY_COMPLETED, s->completed, s->context);
  DAYBOOK_MHD_OPTION (MHD_OPTION_NOTIFY_CONNECTION, s->connected, s->context);
  if (s->threads > 1)
    DAYBOOK_MHD_OPTION (MHD_OPTION_THREAD_POOL_SIZE, s->threads, NULL);
  if (NULL != s->certificate)
  {
    DAYBOOK_MHD_OPTION (MHD_OPTION_HTTPS_MEM_CERT, 0, s->certificate);
    DAYBOOK_MHD_OPTION (MHD_OPTION_HTTPS_MEM_KEY, 0, s->key);
    DAYBOOK_MHD_OPTION (MHD_OPTION_HTTPS_PRIORITIES, 0, s->priorities);
  }
  DAYBOOK_MHD_OPTION (MHD_OPTION_END, 0, NULL);
#undef DAYBOOK_MHD_OPTION

  return MHD_start_daemon (s->flags, 0, NULL, NULL, s->access, s->context,
                           MHD_OPTION_ARRAY, options, MHD_OPTION_END);
}

/* The peer's address, or NULL; it lives as long as the connection. */
static inline const struct sockaddr *
daybook_mhd_peer (struct MHD_Connection *connection)
{
  const union MHD_ConnectionInfo *info =
    MHD_get_connection_info (connection, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
  return (NULL == info) ? NULL : info->client_addr;
}

/* Connections are accepted by us: quiescing a listening worker pool has a race in MHD that ends in its panic. */
static inline unsigned int
daybook_mhd_flags (int tls)
{
  return MHD_USE_EPOLL_INTERNAL_THREAD | MHD_ALLOW_SUSPEND_RESUME | MHD_USE_NO_LISTEN_SOCKET
         | MHD_USE_ERROR_LOG | (tls ? MHD_USE_TLS : 0);
}

/* Ends the answer by closing the connection instead of chunks. */
static inline void
daybook_mhd_end_by_closing (struct MHD_Response *response)
{
  MHD_set_response_options (response, MHD_RF_HTTP_1_0_COMPATIBLE_STRICT, MHD_RO_END);
}

static const uint64_t daybook_mhd_size_unknown = MHD_SIZE_UNKNOWN;
static const ssize_t daybook_mhd_end_of_stream = MHD_CONTENT_READER_END_OF_STREAM;
static const ssize_t daybook_mhd_end_with_error = MHD_CONTENT_READER_END_WITH_ERROR;
