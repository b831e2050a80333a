// Package dryrun checks the objects of a change against an API server, before the merge. Select decides from files alone what is
// sent, Send sends it as a server-side apply that writes nothing, and Judge turns the answers into findings of lint.
package dryrun

import (
	"context"
	"errors"
	"net/http"
	"regexp"
	"strings"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
)

// Applier sends a server-side apply that writes nothing, and returns the object as it would be stored, in JSON.
type Applier interface {
	Apply(ctx context.Context, kind kinds.Kind, object *unstructured.Unstructured, manager string) (stored []byte, err error)
}

// Outcome is what an API server reported of one object. Each is a fact of its own.
type Outcome int

// The zero value means that nothing was sent.
const (
	NotSent     Outcome = iota
	Accepted            // the apply would succeed
	Refused             // it is invalid, an immutable field has changed, or admission denies it
	Forbidden           // the user may not apply the object
	NoKind              // the kind is not installed
	NoNamespace         // its namespace does not exist
	NoAnswer            // there is none, or the server or one of its webhooks failed
)

// Answer is the answer for one object.
type Answer struct {
	Outcome Outcome
	Message string   // the API server's own
	Fields  []string // that it names
	Verb    string   // that is forbidden
	// IsImmutable is true if a field may not change.
	IsImmutable bool
}

// inParallel bounds the requests at one time. Each may call admission webhooks.
const inParallel = 8

// Send sends the changes that are to be sent. The answers are in their order. After as many failures in a row as there are requests
// at one time, it sends no more: each of the others would also time out.
func Send(ctx context.Context, to Applier, changes []Change) []Answer {
	answers := make([]Answer, len(changes))
	var failures atomic.Int32
	var group errgroup.Group
	group.SetLimit(inParallel)
	for i, c := range changes {
		if c.NotChecked != "" {
			continue
		}
		group.Go(func() error {
			answers[i].Outcome = NoAnswer
			isStopped := failures.Load() >= inParallel || ctx.Err() != nil
			if !isStopped {
				_, err := to.Apply(ctx, c.Kind, c.applied.body, c.applied.manager)
				answers[i] = answerOf(err)
			}
			if answers[i].Outcome == NoAnswer {
				failures.Add(1)
			} else {
				failures.Store(0)
			}
			return nil
		})
	}
	_ = group.Wait() // an error is an answer
	return answers
}

// notAllowed matches the refusal of the API server's authorizer. It also needs the right to create an object that does not exist
// (Kubernetes v1.37 staging/src/k8s.io/apiserver/pkg/endpoints/handlers/responsewriters/errors.go, forbiddenMessage; handlers/patch.go).
// Admission answers with the same status: quotas, Pod Security, webhooks.
var notAllowed = regexp.MustCompile(`: (User ".*" cannot ([a-z]+) resource "[^"]+" in API group "[^"]*" (in the namespace "[^"]*"|at the cluster scope))`)

// immutable matches what Flux takes for an immutable field (fluxcd/pkg ssa v0.76.2 errors/immutable.go).
var immutable = regexp.MustCompile(`\bis\simmutable|immutable\sfield`)

func answerOf(err error) Answer {
	if err == nil {
		return Answer{Outcome: Accepted}
	}
	a := Answer{Outcome: NoAnswer, Message: strings.Join(strings.Fields(err.Error()), " ")}
	var api apierrors.APIStatus
	if !errors.As(err, &api) {
		return a
	}
	status := api.Status()
	a.IsImmutable = immutable.MatchString(a.Message)
	if status.Details != nil {
		for _, cause := range status.Details.Causes {
			a.Fields = append(a.Fields, cause.Field)
		}
	}
	switch {
	case status.Code == http.StatusForbidden:
		a.Outcome = Refused
		if m := notAllowed.FindStringSubmatch(a.Message); m != nil {
			a.Outcome, a.Message, a.Verb = Forbidden, m[1], m[2]
		}
	case status.Code == http.StatusUnauthorized:
		a.Outcome = Forbidden
	case status.Code == http.StatusNotFound:
		a.Outcome = notFound(status.Details)
	case status.Code == http.StatusInternalServerError && status.Reason == metav1.StatusReasonUnknown:
		// It has no status of its own: fields that are not in the schema (Kubernetes v1.37
		// staging/src/k8s.io/apimachinery/pkg/util/managedfields/internal/structuredmerge.go).
		a.Outcome = Refused
	case status.Code == http.StatusTooManyRequests || status.Code >= http.StatusInternalServerError:
	default:
		a.Outcome = Refused
	}
	return a
}

// notFound distinguishes a namespace, a kind and an object that are not found. An apply creates an object that does not exist,
// unless it has a uid or a resourceVersion.
func notFound(details *metav1.StatusDetails) Outcome {
	if details == nil || details.Name == "" {
		return NoKind
	}
	for _, cause := range details.Causes {
		if cause.Type == metav1.CauseTypeUnexpectedServerResponse {
			return NoKind // a path that is not served
		}
	}
	if details.Kind == "namespaces" {
		return NoNamespace
	}
	return Refused
}
