package org.mediawiki.jobqueue.loadtest.system;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/**
 * What it asks for is a time, or a share of one, that another test on the same cores would spoil: a build runs it while no other
 * test runs. All others run two at a time.
 */
@Tag("alone")
@Target({ElementType.TYPE, ElementType.METHOD})
@Retention(RetentionPolicy.RUNTIME)
@interface Alone {}
