/// Look-ups of MX, address and TXT records with total deadlines and a cache bounded by count and
/// TTL. RFC 1035, RFC 2308 (negative caching), RFC 5321 (5.1), RFC 7505 (null MX).
package ai.mailgoat.server.dns;
