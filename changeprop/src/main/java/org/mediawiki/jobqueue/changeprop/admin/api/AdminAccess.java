package org.mediawiki.jobqueue.changeprop.admin.api;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.Set;
import org.mediawiki.jobqueue.changeprop.audit.AuditLog.Operator;
import org.mediawiki.jobqueue.changeprop.config.Secret;

/**
 * Lets pass who may (SPEC section 10). Changes need the bearer token, reads where they are protected. A browser sends an
 * {@code Authorization} header to us only from our own page, so no other page can change anything; one that tries to is
 * refused for its {@code Origin} as well.
 */
final class AdminAccess {

    /** How people say who they are; anybody who has the token may say anything, so it is a courtesy, not a proof. */
    static final String OPERATOR_HEADER = "x-operator";

    private static final String SCHEME = "Bearer ";
    private static final int MOST_NAME_CHARS = 64;
    private static final Set<HttpMethod> READS = Set.of(HttpMethod.GET, HttpMethod.HEAD);

    private final Optional<Secret> token;
    private final boolean protectsReads;
    private final Runnable refused;

    /** {@code refused} counts, also those who look with a wrong token and are answered: they may be guessing. */
    AdminAccess(Optional<Secret> token, boolean protectsReads, Runnable refused) {
        this.token = token.filter(secret -> !secret.value().isBlank());
        this.protectsReads = protectsReads;
        this.refused = refused;
    }

    /** A handler before all others: whoever may not ask is not read to the end, and is told nothing but that. */
    void check(RoutingContext context) {
        boolean isRead = READS.contains(context.request().method());
        if (!isRead) {
            checkOrigin(context);
        }
        if (!isRead || protectsReads) {
            checkToken(context, isRead);
        } else if (bringsWrongToken(context)) {
            refused.run();
        }
        if (!isRead) {
            checkContentType(context);
        }
        context.next();
    }

    /** Whether changes are possible at all. */
    boolean hasToken() {
        return token.isPresent();
    }

    boolean protectsReads() {
        return protectsReads;
    }

    /** Whether the request brings the token. */
    boolean knows(RoutingContext context) {
        return token.map(secret -> isGood(context, secret)).orElse(false);
    }

    /** Who asks. */
    static Operator operator(RoutingContext context) {
        String said = Optional.ofNullable(context.request().getHeader(OPERATOR_HEADER))
                .orElse("")
                .replaceAll("[^\\p{L}\\p{N} ._@+-]", "")
                .strip();
        String name = said.isEmpty() ? "unknown" : said.substring(0, Math.min(MOST_NAME_CHARS, said.length()));
        SocketAddress address = context.request().remoteAddress();
        return new Operator(name, address == null ? "" : String.valueOf(address.hostAddress()));
    }

    private void checkToken(RoutingContext context, boolean isRead) {
        if (token.isEmpty()) {
            refused.run();
            throw new Refusal(
                    403,
                    "Nothing can be " + (isRead ? "seen" : "changed") + " over this port",
                    "No token is configured: set admin.token, for example to ${JOBQUEUE_ADMIN_TOKEN}, and restart");
        }
        if (!isGood(context, token.get())) {
            refused.run();
            context.response().putHeader("www-authenticate", "Bearer realm=\"jobqueue\"");
            throw new Refusal(
                    401, "The token is missing or wrong", "Send the header: Authorization: Bearer <admin.token>");
        }
    }

    private boolean bringsWrongToken(RoutingContext context) {
        return token.isPresent() && !given(context).isEmpty() && !isGood(context, token.get());
    }

    private static boolean isGood(RoutingContext context, Secret secret) {
        return secret.is(given(context));
    }

    /** The token that it brings; empty where it brings none. */
    private static String given(RoutingContext context) {
        String header = Optional.ofNullable(context.request().getHeader(HttpHeaders.AUTHORIZATION))
                .orElse("");
        return header.regionMatches(true, 0, SCHEME, 0, SCHEME.length())
                ? header.substring(SCHEME.length()).strip()
                : "";
    }

    private void checkOrigin(RoutingContext context) {
        String origin = context.request().getHeader(HttpHeaders.ORIGIN);
        String host = context.request().getHeader(HttpHeaders.HOST);
        if (origin != null && !origin.replaceFirst("^https?://", "").equalsIgnoreCase(String.valueOf(host))) {
            refused.run();
            throw new Refusal(403, "Another site asks for this", "Only our own page and programs may change anything");
        }
    }

    private static void checkContentType(RoutingContext context) {
        if (context.request().method().equals(HttpMethod.DELETE)) {
            return;
        }
        String type = Optional.ofNullable(context.request().getHeader(HttpHeaders.CONTENT_TYPE))
                .orElse("");
        if (!type.split(";", -1)[0].strip().equalsIgnoreCase("application/json")) {
            throw new Refusal(415, "The request is not JSON", "Send the header: Content-Type: application/json");
        }
    }
}
