package ai.mailgoat.server.dns;

import org.xbill.DNS.Name;

/// What is asked: an absolute name and a type (RFC 1035, 4.1.2), class IN. Names compare without
/// regard to case.
record Question(Name name, int type) {}
