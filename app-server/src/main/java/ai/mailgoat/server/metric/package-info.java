/// How many mails were sent, delivered, bounced...: events counted by quarter of an hour, and asked
/// for by period, domain or mail.
package ai.mailgoat.server.metric;
