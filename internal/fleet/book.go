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
	cut   bool // the context of whoever found it had ended; to be read after done
}

// once returns the value of key. The first who wants it finds it; all others wait for that one. What came of a context that
// has ended is nobody else's answer: it is not kept, and of those who wait for it one finds it anew.
func (b *book[K, V]) once(ctx context.Context, key K, find func() V) V {
	for {
		p, first := b.page(key)
		if first {
			return b.fill(ctx, key, p, find)
		}
		select {
		case <-p.done:
			if !p.cut {
				return p.value
			}
		case <-ctx.Done():
			return find() // which says the same to a context that has ended
		}
	}
}

// page is that of key, and whether it was made by this call.
func (b *book[K, V]) page(key K) (p *page[V], first bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.pages[key]; p != nil {
		return p, false
	}
	p = &page[V]{done: make(chan struct{})}
	if b.pages == nil {
		b.pages = map[K]*page[V]{}
	}
	b.pages[key] = p
	return p, true
}

func (b *book[K, V]) fill(ctx context.Context, key K, p *page[V], find func() V) V {
	p.value = find()
	if p.cut = ctx.Err() != nil; p.cut {
		b.mu.Lock()
		delete(b.pages, key)
		b.mu.Unlock()
	}
	close(p.done)
	return p.value
}
