/// Messages as bytes: composing header fields and MIME parts (RFC 5322, 2045 to 2047, 2231), text
/// derived from HTML, line discipline. Pure: no sockets, no database.
package ai.mailgoat.server.message;
