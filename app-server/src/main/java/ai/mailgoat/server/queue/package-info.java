/// Mail that is due: handing it to delivery fairly, booking each attempt before it is made, and
/// settling what came of it. RFC 5321, 4.5.4 (retry strategies).
package ai.mailgoat.server.queue;
