package fleet

import (
	"context"
	"sync"
)

// book keeps one value for each key. The zero value is empty.
type book[K comparable, V any] struct {
	mu    sync.Mutex
	pages map[K]*page[V]
}

// page is a value that is there, or on its way.
type page[V any] struct {
	done  chan struct{}
	value V
}

// once returns the value of key. The first who wants it finds it; all others wait for that one. What came of a context that
// has ended is nobody else's answer, and is not kept.
func (b *book[K, V]) once(ctx context.Context, key K, find func() V) V {
	b.mu.Lock()
	if p := b.pages[key]; p != nil {
		b.mu.Unlock()
		select {
		case <-p.done:
			return p.value
		case <-ctx.Done():
			return find() // which says the same to a context that has ended
		}
	}
	p := &page[V]{done: make(chan struct{})}
	if b.pages == nil {
		b.pages = map[K]*page[V]{}
	}
	b.pages[key] = p
	b.mu.Unlock()
	p.value = find()
	if ctx.Err() != nil {
		b.mu.Lock()
		delete(b.pages, key)
		b.mu.Unlock()
	}
	close(p.done)
	return p.value
}
