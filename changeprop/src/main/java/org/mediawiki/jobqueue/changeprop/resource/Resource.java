package org.mediawiki.jobqueue.changeprop.resource;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** Reads a file on the class path. One that is missing is a mistake of the build, and is named. */
public final class Resource {

    private Resource() {}

    /**
     * The whole file.
     *
     * @param beside a class in whose package it lies
     * @param name of the file; from the root of the class path where it begins with a slash
     * @throws IllegalStateException where it is not there
     */
    public static byte[] bytes(Class<?> beside, String name) {
        String path =
                name.startsWith("/") ? name : "/" + beside.getPackageName().replace('.', '/') + "/" + name;
        try (InputStream content = beside.getResourceAsStream(name)) {
            if (content == null) {
                throw new IllegalStateException(path + " is not on the class path");
            }
            return content.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException(path + " cannot be read", e);
        }
    }

    /** As {@link #bytes}, for a text in UTF-8. */
    public static String text(Class<?> beside, String name) {
        return new String(bytes(beside, name), StandardCharsets.UTF_8);
    }
}
