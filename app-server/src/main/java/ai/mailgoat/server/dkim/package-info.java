/// DKIM signing and verifying (RFC 6376, RFC 8301, RFC 8463). Streams, works on bytes, signs with
/// several keys in one pass over the body; pure: keys come in, header fields come out.
package ai.mailgoat.server.dkim;
