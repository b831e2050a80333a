package reconcile

import (
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// take draws the conclusion from what became of an order.
func (b *book) take(a answer, now time.Time) {
	n := b.byRef[a.order.ref]
	if !a.order.look {
		n.sending = time.Time{}
	}
	if n.state.Settled() {
		return
	}
	if a.err != nil {
		n.looking = false
		n.fail(a.err.Error())
		return
	}
	if a.object.Outcome == facts.Found {
		n.acknowledged(a, now)
	}
	if a.order.look {
		b.heed(n, a.signs, now)
	}
}

// acknowledged: the API server has taken the annotation. What a watch has brought before this answer came is read again before
// the next step.
func (n *node) acknowledged(a answer, now time.Time) {
	if !a.order.look {
		n.request = newRequest(a.order.request, a.order.before, a.object, now)
		n.again = false
	}
	n.see(a.object, now)
}
