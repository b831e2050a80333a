package reconcile

import (
	"crypto/rand"
	"encoding/hex"
	"slices"
	"strings"
	"time"

	"github.com/kubectl-choreo/kubectl-choreo/internal/engine"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// newToken is unlike any other client's. Flux only compares it for inequality, and people read it, so it is a time.
func newToken(now time.Time) string {
	var salt [2]byte
	_, _ = rand.Read(salt[:]) // never fails since Go 1.24
	return now.UTC().Format(time.RFC3339Nano) + "-" + hex.EncodeToString(salt[:])
}

// request is one annotation that the API server has acknowledged, and what was seen since.
//
// A run counts when it began after the patch. A controller acknowledges the value that the annotation had at the beginning
// of a run, so our token proves it; and so does any value that was first set after the patch. A value that was there before
// proves nothing: a run that was under way acknowledges it late.
type request struct {
	engine.Request
	acked    time.Time
	version  string   // of the object as the patch left it; what is older is an echo
	previous string   // the annotation before the patch
	handled  string   // what was acknowledged when the patch was taken
	later    []string // other clients' values, set after the patch
	newest   string   // the last acknowledgement that was seen
	changes  int      // how often it changed
	busy     bool     // a run that was under way at the patch has not been seen to end
}

// maxLater bounds the values that are kept of a client that writes all the time; the acknowledged one is among the last.
const maxLater = 1000

// newRequest returns a request that was accepted. before is the object that was known before the patch, after is the API server's response.
func newRequest(asked engine.Request, before, after facts.Object, now time.Time) *request {
	handled := kinds.Handled(after.Body)
	return &request{
		Request: asked, acked: now, version: after.Body.GetResourceVersion(),
		previous: annotation(before, asked.Key), handled: handled, newest: handled, busy: kinds.Running(after.Body),
	}
}

func annotation(o facts.Object, key string) string {
	if o.Body == nil {
		return ""
	}
	return o.Body.GetAnnotations()[key]
}

// see notes the status of an object that is not older than the patch.
func (q *request) observe(o facts.Object) {
	if o.Body == nil || older(o.Body.GetResourceVersion(), q.version) {
		return
	}
	if v := annotation(o, q.Key); v != "" && v != q.Value && v != q.previous && v != q.handled && !slices.Contains(q.later, v) {
		q.later = append(q.later, v)
		q.later = q.later[max(0, len(q.later)-maxLater):]
	}
	if h := kinds.Handled(o.Body); h != q.newest {
		q.newest = h
		q.changes++
	}
	q.busy = q.busy && q.changes == 0 && kinds.Running(o.Body)
}

// answered reports whether a run that began after the patch has ended. The second acknowledgement since the patch is of such a run
// whatever its value, because an object has one run at a time.
func (q *request) answered(o facts.Object) bool {
	if q.IsRemoved {
		return !older(o.Body.GetResourceVersion(), q.version) && annotation(o, q.Key) == ""
	}
	return q.newest == q.Value || slices.Contains(q.later, q.newest) || q.changes >= 2
}

// removed reports whether the annotation was taken away, or set back to what stood there before, so that no controller will see the
// request: the apply of a parent does that to fields that it thinks are its own.
func (q *request) removed(o facts.Object) bool {
	v := annotation(o, q.Key)
	return !q.IsRemoved && !older(o.Body.GetResourceVersion(), q.version) &&
		v != q.Value && (v == "" || v == q.previous || v == q.handled)
}

// older compares resourceVersions, which are decimal numbers that grow with each write (Kubernetes v1.35, KEP-5504). One that
// is not given is not older.
func older(a, b string) bool {
	if len(a) != len(b) {
		return a != "" && len(a) < len(b)
	}
	return strings.Compare(a, b) < 0
}
