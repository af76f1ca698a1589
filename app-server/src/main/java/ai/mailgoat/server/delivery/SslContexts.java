package ai.mailgoat.server.delivery;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.X509Certificate;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;
import org.jspecify.annotations.Nullable;

/// The two ways of looking at an MX host's certificate. They are two contexts so that a TLS session
/// resumed under one never passes for a session checked under the other.
///
/// @param opportunistic takes any certificate: better than the clear, no more (RFC 7435)
/// @param enforced checks the chain; the host name is checked on top of it by the courier
public record SslContexts(SSLContext opportunistic, SSLContext enforced) {

    /// Any certificate for the first, the JDK's trusted roots for the second.
    public static SslContexts system() {
        try {
            var opportunistic = SSLContext.getInstance("TLS");
            opportunistic.init(null, new TrustManager[] {new AnyCertificate()}, null);
            return new SslContexts(opportunistic, SSLContext.getDefault());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /// The extended kind, else the JDK adds its own checks of host name and key sizes.
    private static final class AnyCertificate extends X509ExtendedTrustManager {
        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String authType, @Nullable Socket socket) {}

        @Override
        public void checkClientTrusted(
                X509Certificate[] chain, String authType, @Nullable SSLEngine engine) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String authType, @Nullable Socket socket) {}

        @Override
        public void checkServerTrusted(
                X509Certificate[] chain, String authType, @Nullable SSLEngine engine) {}

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
