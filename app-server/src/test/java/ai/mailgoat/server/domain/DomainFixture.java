package ai.mailgoat.server.domain;

import ai.mailgoat.common.id.DomainId;
import ai.mailgoat.server.event.Event;
import ai.mailgoat.server.secret.MasterKey;
import ai.mailgoat.server.smtp.MailDomain;
import ai.mailgoat.server.store.Tx;
import ai.mailgoat.server.team.TwoTeams;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;

/// Everything about domains, wired on a fresh database and a DNS in maps.
final class DomainFixture implements AutoCloseable {
    static final String HOSTNAME = "mx.goat.example";
    static final String WEB_HOST = "www.goat.example";

    final TwoTeams teams;
    final DnsByHand dns = new DnsByHand();
    final List<Event> events = new CopyOnWriteArrayList<>();
    final List<DomainId> deleted = new CopyOnWriteArrayList<>();
    final MasterKey masterKey;
    final SendingDomains sending;
    final DomainVerifier verifier;
    final Domains domains;

    DomainFixture(Path dataDir) {
        teams = new TwoTeams(dataDir);
        masterKey = MasterKey.loadOrCreate(dataDir.resolve("master.key"));
        sending = new SendingDomains(teams.store, masterKey);
        verifier = new DomainVerifier(teams.store, dns, this::log, sending, teams.clock());
        domains = withHostname(HOSTNAME);
        new DomainRoutes(domains).register(teams.endpoints);
        new DomainClaimRoutes(
                        new DomainClaims(
                                teams.store,
                                domains,
                                dns,
                                teams.clock(),
                                teams.ids,
                                new java.util.Random(8)))
                .register(teams.endpoints);
    }

    Domains withHostname(String hostname) {
        return new Domains(
                teams.store,
                masterKey,
                DomainFixture::makeKey,
                this::log,
                (tx, id) -> tx.afterCommit(() -> deleted.add(id)),
                sending,
                verifier,
                teams.clock(),
                teams.ids,
                hostname,
                WEB_HOST);
    }

    private void log(Tx tx, Event event) {
        tx.afterCommit(() -> events.add(event));
    }

    DomainBody create(String name) {
        return domains.body(domains.create(teams.acme, NewDomain.of(name)));
    }

    DomainBody read(DomainBody domain) {
        return domains.body(domains.find(teams.acme, new DomainId(domain.id())).orElseThrow());
    }

    void publishAll(DomainBody domain) {
        Objects.requireNonNull(domain.records()).forEach(dns::publish);
    }

    SendingDomain sending(String name) {
        return sending.sending(teams.acme, MailDomain.parse(name)).orElseThrow();
    }

    @Override
    public void close() {
        verifier.close();
        teams.close();
    }

    private static DkimKeyMaker.KeyPair makeKey(DkimAlgorithm algorithm) {
        try {
            boolean rsa = algorithm == DkimAlgorithm.RSA_SHA256;
            var generator = KeyPairGenerator.getInstance(rsa ? "RSA" : "Ed25519");
            if (rsa) {
                generator.initialize(2048);
            }
            var pair = generator.generateKeyPair();
            byte[] spki = pair.getPublic().getEncoded();
            // The SubjectPublicKeyInfo of Ed25519 ends in the 32 octets of the key (RFC 8410, 4).
            byte[] published = rsa ? spki : Arrays.copyOfRange(spki, spki.length - 32, spki.length);
            return new DkimKeyMaker.KeyPair(pair.getPrivate().getEncoded(), published);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
