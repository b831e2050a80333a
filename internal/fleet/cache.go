package fleet

import (
	"context"
	"sync"
)

// cache holds one value for each key. The zero value is empty.
type cache[K comparable, V any] struct {
	mu      sync.Mutex
	entries map[K]*entry[V]
}

// entry is a value that is complete or in progress.
type entry[V any] struct {
	done        chan struct{}
	value       V
	interrupted bool // the context of the caller that computed it had ended; to be read after done
}

// get returns the value of key. The first caller computes it, and all others wait for it. If the context of the first caller
// ended, its value is not cached, and one of the waiting callers computes it again.
func (c *cache[K, V]) get(ctx context.Context, key K, find func() V) V {
	for {
		p, first := c.entry(key)
		if first {
			return c.fill(ctx, key, p, find)
		}
		select {
		case <-p.done:
			if !p.interrupted {
				return p.value
			}
		case <-ctx.Done():
			return find() // which returns an interrupted result, because the context has ended
		}
	}
}

// entry returns the entry of key, and whether this call created it.
func (c *cache[K, V]) entry(key K) (p *entry[V], first bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if p := c.entries[key]; p != nil {
		return p, false
	}
	p = &entry[V]{done: make(chan struct{})}
	if c.entries == nil {
		c.entries = map[K]*entry[V]{}
	}
	c.entries[key] = p
	return p, true
}

func (c *cache[K, V]) fill(ctx context.Context, key K, p *entry[V], find func() V) V {
	p.value = find()
	if p.interrupted = ctx.Err() != nil; p.interrupted {
		c.mu.Lock()
		delete(c.entries, key)
		c.mu.Unlock()
	}
	close(p.done)
	return p.value
}
