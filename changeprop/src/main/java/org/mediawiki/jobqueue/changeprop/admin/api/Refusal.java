package org.mediawiki.jobqueue.changeprop.admin.api;

/** A request that is not carried out, as RFC 9457 tells of it. Thrown within handlers, answered in one place. */
final class Refusal extends RuntimeException {

    private static final long serialVersionUID = 1;

    private final int status;
    private final String title;

    /** {@code title} says what kind of trouble it is; {@code detail} what it is this time, and what helps. */
    Refusal(int status, String title, String detail) {
        super(detail, null, false, false);
        this.status = status;
        this.title = title;
    }

    static Refusal badRequest(String detail) {
        return new Refusal(400, "The request cannot be understood", detail);
    }

    static Refusal notFound(String detail) {
        return new Refusal(404, "There is no such thing", detail);
    }

    static Refusal unavailable(String detail) {
        return new Refusal(503, "It cannot be done now", detail);
    }

    int status() {
        return status;
    }

    String title() {
        return title;
    }

    String detail() {
        return String.valueOf(getMessage());
    }
}
