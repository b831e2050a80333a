package openchoreoapi

import (
	"context"
	"io"
	"maps"
	"sync"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// treesLast is how long a tree is used again. The requests of one round trip need the same trees; while a command waits, it polls.
const treesLast = 3 * time.Second

// trees requests each tree once at a time.
type trees struct {
	client *client

	mu        sync.Mutex
	calls     map[binding]*call
	requested map[binding]bool // ever
}

// call is a request for a tree, whose fields may be read once done is closed.
type call struct {
	done    chan struct{}
	tree    tree
	refusal *refusal
	at      time.Time // of the response
}

// of returns the tree of a ReleaseBinding.
func (t *trees) of(ctx context.Context, b binding) (tree, *refusal) {
	for {
		c, mine := t.call(b)
		if mine {
			c.tree, c.refusal = t.request(ctx, b)
			c.at = t.client.now()
			if c.refusal.isInterrupted() {
				t.forget(b, c)
			}
			close(c.done)
			return c.tree, c.refusal
		}
		select {
		case <-ctx.Done():
			return nil, &refusal{facts.Unreachable, interrupted}
		case <-c.done:
		}
		// Whoever made the request may have been interrupted; this caller was not.
		if !c.refusal.isInterrupted() {
			return c.tree, c.refusal
		}
	}
}

func (t *trees) call(b binding) (c *call, mine bool) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.requested[b] = true
	now := t.client.now()
	maps.DeleteFunc(t.calls, func(_ binding, c *call) bool {
		select {
		case <-c.done:
			return now.Sub(c.at) > treesLast
		default:
			return false
		}
	})
	if c := t.calls[b]; c != nil {
		return c, false
	}
	c = &call{done: make(chan struct{})}
	t.calls[b] = c
	return c, true
}

func (t *trees) forget(b binding, c *call) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.calls[b] == c {
		delete(t.calls, b)
	}
}

// wasAsked reports whether a tree was ever requested.
func (t *trees) wasAsked(b binding) bool {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.requested[b]
}

func (t *trees) request(ctx context.Context, b binding) (tree, *refusal) {
	var read tree
	refused := t.client.get(ctx, b, "tree", nil, maxTree, func(body io.Reader) error {
		var err error
		read, err = readTree(body)
		return err
	})
	if refused != nil && refused.outcome == facts.Absent { // only the ReleaseBinding is
		refused.outcome = facts.Unreachable
	}
	return read, refused
}
