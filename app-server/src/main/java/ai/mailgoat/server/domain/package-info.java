/// Sending domains: which DNS records to publish (SPF, RFC 7208; DKIM, RFC 6376 and 8463; MX, RFC
/// 5321), whether they are there, and the keys that sign for a domain.
package ai.mailgoat.server.domain;
