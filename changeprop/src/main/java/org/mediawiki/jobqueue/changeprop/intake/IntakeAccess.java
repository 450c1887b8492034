package org.mediawiki.jobqueue.changeprop.intake;

import io.netty.handler.ipfilter.IpFilterRuleType;
import io.netty.handler.ipfilter.IpSubnetFilterRule;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import org.mediawiki.jobqueue.changeprop.config.Secret;

/** Who may post: by address, and by a secret that the client knows. Immutable; any thread may ask. */
final class IntakeAccess {

    private final List<IpSubnetFilterRule> allowed;
    private final Optional<Secret> secret;

    /**
     * @param networks addresses, or networks with the length of their prefix; empty lets everybody in
     * @param secret what clients must know; null where they need not
     */
    IntakeAccess(Collection<String> networks, @Nullable Secret secret) {
        this.allowed = networks.stream().map(IntakeAccess::rule).toList();
        this.secret = Optional.ofNullable(secret);
    }

    /**
     * The status with which a client is refused; empty where it may come in.
     *
     * @param address where the client is
     * @param authorization its header; null where there is none
     */
    OptionalInt refusal(@Nullable InetSocketAddress address, @Nullable String authorization) {
        if (isStranger(address)) {
            return OptionalInt.of(403);
        }
        return secret.isEmpty() || knows(secret.get(), authorization) ? OptionalInt.empty() : OptionalInt.of(401);
    }

    /** Whether a client is refused for where it is, which is known before it says a word; null: it is gone already. */
    boolean isStranger(@Nullable InetSocketAddress address) {
        return !allowed.isEmpty() && (address == null || allowed.stream().noneMatch(rule -> rule.matches(address)));
    }

    private static boolean knows(Secret secret, @Nullable String authorization) {
        return Optional.ofNullable(authorization)
                .flatMap(IntakeAccess::secretIn)
                .map(String::strip)
                .filter(secret::is)
                .isPresent();
    }

    /** A bearer token, or the password of those that a client takes from its URL; empty where there is neither. */
    private static Optional<String> secretIn(String authorization) {
        String[] parts = authorization.strip().split("\\s+", 2);
        if (parts.length < 2) {
            return Optional.empty();
        }
        return switch (parts[0].toLowerCase(Locale.ROOT)) {
            case "bearer" -> Optional.of(parts[1]);
            case "basic" -> password(parts[1]);
            default -> Optional.empty();
        };
    }

    private static Optional<String> password(String base64) {
        try {
            String userAndPassword = new String(Base64.getDecoder().decode(base64), StandardCharsets.UTF_8);
            return Optional.of(userAndPassword.substring(userAndPassword.indexOf(':') + 1));
        } catch (IllegalArgumentException noBase64) {
            return Optional.empty();
        }
    }

    private static IpSubnetFilterRule rule(String network) {
        String[] parts = network.split("/", 2);
        try {
            InetAddress address = InetAddress.getByName(parts[0]);
            int prefix = parts.length == 2 ? Integer.parseInt(parts[1]) : 8 * address.getAddress().length;
            return new IpSubnetFilterRule(address, prefix, IpFilterRuleType.ACCEPT);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(network + " is no address", e);
        }
    }
}
