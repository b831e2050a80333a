package fleet

import (
	"context"
	"sync"
)

// cache keeps one value for each key. The zero value is empty.
type cache[K comparable, V any] struct {
	mu      sync.Mutex
	entries map[K]*entry[V]
}

// entry is a value that is there, or on its way.
type entry[V any] struct {
	done  chan struct{}
	value V
	cut   bool // the context of whoever found it had ended; to be read after done
}

// get returns the value of key. The first who wants it finds it; all others wait for that one. What came of a context that
// has ended is nobody else's answer: it is not kept, and of those who wait for it one finds it anew.
func (b *cache[K, V]) get(ctx context.Context, key K, find func() V) V {
	for {
		p, first := b.entry(key)
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

// entry is that of key, and whether it was made by this call.
func (b *cache[K, V]) entry(key K) (p *entry[V], first bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if p := b.entries[key]; p != nil {
		return p, false
	}
	p = &entry[V]{done: make(chan struct{})}
	if b.entries == nil {
		b.entries = map[K]*entry[V]{}
	}
	b.entries[key] = p
	return p, true
}

func (b *cache[K, V]) fill(ctx context.Context, key K, p *entry[V], find func() V) V {
	p.value = find()
	if p.cut = ctx.Err() != nil; p.cut {
		b.mu.Lock()
		delete(b.entries, key)
		b.mu.Unlock()
	}
	close(p.done)
	return p.value
}
