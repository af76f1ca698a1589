package ai.mailgoat.server.e2e;

import java.io.IOException;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A real Postfix as an MX host on a loopback port, with its own configuration, queue and
/// certificate in a directory below `/tmp`; no installed service is touched. What comes for `goat@`
/// and `herd@` of a domain is kept, one file for each mail; other mailboxes are unknown.
final class Postfix implements AutoCloseable {
    private static final String SERVICES =
            """
            127.0.0.1:%d inet n - n - - smtpd
            cleanup unix n - n - 0 cleanup
            qmgr unix n - n 300 1 qmgr
            rewrite unix - - n - - trivial-rewrite
            bounce unix - - n - 0 bounce
            defer unix - - n - 0 bounce
            trace unix - - n - 0 bounce
            verify unix - - n - 1 verify
            proxymap unix - - n - - proxymap
            error unix - - n - - error
            retry unix - - n - - error
            virtual unix - n n - - virtual
            showq unix n - n - - showq
            anvil unix - - n - 1 anvil
            tlsmgr unix - - n 1000? 1 tlsmgr
            postlog unix-dgram n - n - 1 postlogd
            """;

    private final Path directory;
    private final int port;
    private final long master;

    private Postfix(Path directory, int port, long master) {
        this.directory = directory;
        this.port = port;
        this.master = master;
    }

    /// Whether Postfix can be run here: installed, and by root, which its master wants.
    static boolean isHere() throws IOException, InterruptedException {
        return Files.isExecutable(Path.of("/usr/sbin/postfix"))
                && run("id", "-u").strip().equals("0");
    }

    /// @param domain whose mail it takes
    static Postfix start(String domain) throws IOException, InterruptedException {
        // Short: the path of a socket has at most 107 octets.
        var directory = Files.createTempDirectory(Path.of("/tmp"), "mg-postfix");
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        for (var name : List.of("conf", "queue", "data", "mail")) {
            Files.createDirectory(directory.resolve(name));
        }
        run("chown", "postfix", directory.resolve("data").toString());
        run("chown", "nobody", directory.resolve("mail").toString());
        run(
                "openssl",
                "req",
                "-x509",
                "-newkey",
                "rsa:2048",
                "-nodes",
                "-days",
                "2",
                "-subj",
                "/CN=mx." + domain,
                "-keyout",
                directory.resolve("key.pem").toString(),
                "-out",
                directory.resolve("cert.pem").toString());
        int port = freePort();
        var conf = directory.resolve("conf");
        Files.writeString(conf.resolve("main.cf"), settings(directory, domain));
        Files.writeString(conf.resolve("master.cf"), SERVICES.formatted(port));
        Files.writeString(
                conf.resolve("mailboxes"), "goat@%1$s goat/\nherd@%1$s herd/\n".formatted(domain));
        run("/usr/sbin/postfix", "-c", conf.toString(), "start");
        var pid = directory.resolve("queue/pid/master.pid");
        Service.await("Postfix runs", Duration.ofSeconds(10), () -> pid.toFile().length() > 0);
        var postfix = new Postfix(directory, port, Long.parseLong(Files.readString(pid).strip()));
        Service.await("Postfix listens", Duration.ofSeconds(10), postfix::listens);
        return postfix;
    }

    int port() {
        return port;
    }

    /// The mails of a mailbox as they were stored: Postfix' fields on top, lines end in LF.
    List<byte[]> mails(String mailbox) throws IOException {
        var arrived = directory.resolve("mail/" + mailbox + "/new");
        if (!Files.isDirectory(arrived)) {
            return List.of();
        }
        var mails = new java.util.ArrayList<byte[]>();
        try (var files = Files.list(arrived)) {
            for (var file : files.toList()) {
                mails.add(Files.readAllBytes(file));
            }
        }
        return mails;
    }

    /// Its log, for messages of failures.
    String log() throws IOException {
        var log = directory.resolve("log");
        return Files.exists(log) ? Files.readString(log) : "no log";
    }

    @Override
    public void close() throws IOException, InterruptedException {
        ProcessHandle.of(master)
                .ifPresent(process -> {
                    process.destroy();
                    process.onExit().orTimeout(10, TimeUnit.SECONDS).join();
                });
        run("rm", "-rf", directory.toString());
    }

    private static String settings(Path directory, String domain)
            throws IOException, InterruptedException {
        return """
        compatibility_level = 3.6
        queue_directory = %1$s/queue
        data_directory = %1$s/data
        maillog_file = %1$s/log
        maillog_file_prefixes = %1$s
        %3$s
        inet_interfaces = 127.0.0.1
        inet_protocols = ipv4
        myhostname = mx.%2$s
        mydestination =
        mynetworks =
        virtual_mailbox_domains = %2$s
        virtual_mailbox_maps = texthash:%1$s/conf/mailboxes
        virtual_mailbox_base = %1$s/mail
        virtual_uid_maps = static:65534
        virtual_gid_maps = static:65534
        virtual_minimum_uid = 1000
        smtpd_recipient_restrictions = reject_unauth_destination
        smtpd_tls_security_level = may
        smtpd_tls_received_header = yes
        smtpd_tls_cert_file = %1$s/cert.pem
        smtpd_tls_key_file = %1$s/key.pem
        smtpd_delay_reject = yes
        smtputf8_enable = yes
        biff = no
        """
                .formatted(
                        directory,
                        domain,
                        run(
                                "/usr/sbin/postconf",
                                "-d",
                                "command_directory",
                                "daemon_directory",
                                "shlib_directory"));
    }

    private boolean listens() {
        try (var socket = new Socket("127.0.0.1", port)) {
            return socket.getInputStream().read() == '2';
        } catch (IOException _) {
            return false;
        }
    }

    /// @return its standard output
    private static String run(String... command) throws IOException, InterruptedException {
        var errors = Files.createTempFile("mg-postfix", ".err");
        try {
            // A daemon keeps standard output open: only a file may be read to its end.
            var output = Files.createTempFile("mg-postfix", ".out");
            var process =
                    new ProcessBuilder(command)
                            .redirectError(errors.toFile())
                            .redirectOutput(output.toFile())
                            .start();
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IOException(String.join(" ", command) + ": " + Files.readString(errors));
            }
            String out = Files.readString(output, StandardCharsets.UTF_8);
            Files.delete(output);
            return out;
        } finally {
            Files.delete(errors);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
