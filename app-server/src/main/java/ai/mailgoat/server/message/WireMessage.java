package ai.mailgoat.server.message;

/// A composed message in wire form: CRLF line ends only, no line over 998 octets (RFC 5322, 2.1.1),
/// not dot-stuffed.
///
/// @param bytes header fields, empty line, body; handed over, not copied
/// @param headerLength where the body starts: octets of the header fields and the empty line
/// @param eightBit whether there are octets above 127 (then 8BITMIME is needed, RFC 6152)
/// @param needsSmtpUtf8 whether a header field has raw UTF-8 (then SMTPUTF8 is needed, RFC 6531)
public record WireMessage(
        byte[] bytes, int headerLength, boolean eightBit, boolean needsSmtpUtf8) {}
