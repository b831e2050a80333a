// Package reconcile requests reconciliation of delivering objects in the order of their dependencies, and recognises when each is
// done.
//
// Package plan makes the Graph, and checks it before the first write. Within Run, scheduler.step decides everything: a function of
// the graph, the newest objects, the requests so far, and the time. The loop around it only waits for a change or the next deadline,
// and writes annotations.
package reconcile
