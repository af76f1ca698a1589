/// The words of SMTP as values: mailboxes, domain names, paths, replies, enhanced status codes. RFC
/// 5321 (SMTP), RFC 3463 (enhanced status codes), RFC 5890 (internationalized domain names), RFC
/// 6531 (SMTPUTF8). Pure: no sockets, no database.
package ai.mailgoat.server.smtp;
