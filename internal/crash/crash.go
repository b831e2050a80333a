// Package crash restores the terminal before a panic ends the program. Go runs the deferred calls of the goroutine that panics, and of no
// other: without this, a panic of a goroutine that reads the cluster leaves the terminal without echo and line breaks.
package crash

import (
	"slices"
	"sync"
	"time"
)

// restoreTime is how long the terminal may take to be restored: the goroutine that panics may hold what that waits for.
const restoreTime = time.Second

var registered struct {
	sync.Mutex
	restore []*func()
}

// OnPanic registers what restores the terminal, until the returned function is called.
func OnPanic(restore func()) (remove func()) {
	registered.Lock()
	defer registered.Unlock()
	registered.restore = append(registered.restore, &restore)
	return func() {
		registered.Lock()
		defer registered.Unlock()
		registered.restore = slices.DeleteFunc(registered.restore, func(other *func()) bool { return other == &restore })
	}
}

// Guard restores the terminal if the goroutine panics, and panics on. It must be deferred.
func Guard() {
	cause := recover()
	if cause == nil {
		return
	}
	registered.Lock()
	all := slices.Clone(registered.restore)
	registered.Unlock()
	restored := make(chan struct{})
	go func() {
		defer close(restored)
		for _, restore := range all {
			(*restore)()
		}
	}()
	select {
	case <-restored:
	case <-time.After(restoreTime):
	}
	panic(cause)
}
