package ai.mailgoat.server.e2e;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.resend.Resend;
import com.resend.core.exception.ResendException;
import com.resend.core.net.impl.HttpClient;
import com.resend.core.service.BaseService;
import java.lang.StackWalker.Option;
import java.lang.invoke.MethodType;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Collection;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentSkipListSet;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.Response;
import org.junit.jupiter.api.function.Executable;

/// Resend's own client for Java, unchanged, turned to a service. Its address is a constant, so its
/// inner client gets an interceptor that turns each request; that sees too by which public method
/// the request came.
final class JavaSdk {
    static final String UNKNOWN = "00000000-0000-4000-8000-000000000000";
    static final String UUID = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}";
    static final String TIME = "\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?\\+00";
    static final String ISO = "\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d(\\.\\d{1,6})?(Z|\\+00:00)";

    final Resend resend;
    final Installation installation;
    final SmtpSink sink;
    private final RecordingProxy proxy;
    private final Set<String> called = new ConcurrentSkipListSet<>();

    JavaSdk(Installation installation, SmtpSink sink, RecordingProxy proxy) {
        this.installation = installation;
        this.sink = sink;
        this.proxy = proxy;
        resend = new Resend(installation.key());
    }

    /// Turns a service of the client, which must be kept: the client makes a new one at each call.
    <T extends BaseService> T here(T service) {
        var inner = new OkHttpClient.Builder().addInterceptor(this::turn).build();
        try {
            var field = HttpClient.class.getDeclaredField("httpClient");
            field.setAccessible(true);
            field.set(service.getHttpClient(), inner);
        } catch (ReflectiveOperationException e) {
            throw new AssertionError("another client than the one this was written for", e);
        }
        return service;
    }

    private Response turn(Interceptor.Chain chain) throws java.io.IOException {
        StackWalker.getInstance(Option.RETAIN_CLASS_REFERENCE)
                .forEach(frame -> {
                    if (BaseService.class.isAssignableFrom(frame.getDeclaringClass())) {
                        note(
                                frame.getDeclaringClass(),
                                frame.getMethodName(),
                                frame.getMethodType());
                    }
                });
        URI url = proxy.url();
        var request = chain.request();
        var turned =
                request.url()
                        .newBuilder()
                        .scheme(url.getScheme())
                        .host(url.getHost())
                        .port(url.getPort())
                        .build();
        return chain.proceed(request.newBuilder().url(turned).build());
    }

    /// Notes a method that makes no request.
    void note(Class<?> service, String name, MethodType type) {
        called.add(service.getSimpleName() + "." + name + parameters(type.parameterArray()));
    }

    /// The public methods of the services of the client, and of theirs, that were not called.
    ///
    /// @param absent names of services that are left out
    Collection<String> notCalled(Set<String> absent) {
        var missing = new TreeSet<String>();
        var services = new ArrayDeque<Class<?>>();
        services.add(Resend.class);
        while (!services.isEmpty()) {
            var service = services.remove();
            for (Method method : service.getDeclaredMethods()) {
                if (!Modifier.isPublic(method.getModifiers()) || method.isSynthetic()) {
                    continue;
                }
                if (BaseService.class.isAssignableFrom(method.getReturnType())) {
                    services.add(method.getReturnType());
                } else if (!absent.contains(service.getSimpleName())) {
                    missing.add(
                            service.getSimpleName()
                                    + "."
                                    + method.getName()
                                    + parameters(method.getParameterTypes()));
                }
            }
        }
        missing.removeAll(called);
        return missing;
    }

    private static String parameters(Class<?>[] types) {
        return Arrays.stream(types).map(Class::getSimpleName).toList().toString();
    }

    static void matches(String pattern, String value) {
        assertTrue(value != null && value.matches(pattern), value + " is not " + pattern);
    }

    static void refused(int status, String name, String message, Executable call) {
        var refused = assertThrows(ResendException.class, call);
        assertEquals(status, refused.getStatusCode());
        assertEquals(name, refused.getErrorName());
        assertTrue(refused.getMessage().contains(message), refused.getMessage());
    }
}
