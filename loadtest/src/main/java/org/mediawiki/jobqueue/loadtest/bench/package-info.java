/**
 * Benchmarks that anyone can run: contenders take the same jobs from the same broker and post them to the same stand-in
 * runner, in one run, each as a process of its own so that its CPU time can be told apart.
 */
@NullMarked
package org.mediawiki.jobqueue.loadtest.bench;

import org.jspecify.annotations.NullMarked;
