package openchoreoapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const (
	// maxEvents bounds the body of an answer, and maxTold the events of one object.
	maxEvents = 4 << 20
	maxTold   = 500
	// maxSubjects bounds the objects whose events are requested: the API answers for one object at a time.
	maxSubjects = 20
)

// subject is an object whose events are requested.
type subject struct {
	binding binding
	ref     facts.Ref
	version string
	uid     string
}

// events returns the events about the objects of the ReleaseBindings in a namespace that were read: pods that are not ready, their
// ReplicaSets, what runs pods, and then the others. The API knows no list of all events.
func (s *Source) events(ctx context.Context, q facts.Query, by fields.Selector) (facts.List, []facts.Object) {
	l := facts.List{Query: q}
	subjects, refused := s.subjects(ctx, q, by)
	if refused != nil {
		l.Outcome, l.Reason = refused.outcome, refused.reason
		return l, nil
	}
	l.Truncated = len(subjects) > maxSubjects
	var mu sync.Mutex
	var objects []facts.Object
	var group errgroup.Group
	for _, about := range subjects[:min(len(subjects), maxSubjects)] {
		group.Go(func() error {
			events, failed := s.eventsAbout(ctx, about, q.Plane, by)
			mu.Lock()
			defer mu.Unlock()
			objects = append(objects, events...)
			if failed != nil {
				refused = failed
			}
			return nil
		})
	}
	_ = group.Wait()
	if refused != nil {
		return facts.List{Query: q, Outcome: refused.outcome, Reason: refused.reason}, nil
	}
	slices.SortFunc(objects, func(a, b facts.Object) int { return a.Ref.Compare(b.Ref) })
	l.Outcome = facts.Found
	for _, o := range objects {
		l.Items = append(l.Items, o.Ref)
	}
	return l, objects
}

// subjects are the objects that a field selector allows, the most telling first.
func (s *Source) subjects(ctx context.Context, q facts.Query, by fields.Selector) ([]subject, *refusal) {
	here := slices.DeleteFunc(s.releases.selected(q.Namespace, labels.Everything()), func(r release) bool { return !s.trees.wasAsked(r.binding) })
	if len(here) == 0 {
		return nil, notTold(q.Group, q.Kind)
	}
	var first, then, last []subject
	for _, found := range s.branches(ctx, here) {
		if found.refusal != nil {
			return nil, found.refusal
		}
		for _, n := range found.nodes {
			body := n.object(q.Plane).Body
			about := subject{found.release.binding, n.ref, n.version, string(body.GetUID())}
			switch {
			case !concerns(by, about.ref):
			case n.ref.Kind == "Pod" && isUnwell(body):
				first = append(first, about)
				if name := replicaSetOf(body); name != "" {
					of := facts.Ref{Group: kinds.Apps, Kind: "ReplicaSet", Namespace: n.ref.Namespace, Name: name}
					then = append(then, subject{found.release.binding, of, "v1", ""})
				}
			case n.ref.Kind == "Deployment", n.ref.Kind == "Job", n.ref.Kind == "CronJob":
				then = append(then, about)
			default:
				last = append(last, about)
			}
		}
	}
	all := slices.Concat(first, then, last)
	return slices.CompactFunc(all, func(a, b subject) bool { return a.ref == b.ref }), nil
}

// concerns reports whether a field selector may select events about an object.
func concerns(by fields.Selector, ref facts.Ref) bool {
	kind, ofKind := by.RequiresExactMatch("involvedObject.kind")
	name, ofName := by.RequiresExactMatch("involvedObject.name")
	return (!ofKind || kind == ref.Kind) && (!ofName || name == ref.Name)
}

// event is a ResourceEvent (openchoreo v1.2.3 openapi/openchoreo-api.yaml).
type event struct {
	Type           string    `json:"type"`
	Reason         string    `json:"reason"`
	Message        string    `json:"message"`
	Count          int64     `json:"count"`
	FirstTimestamp time.Time `json:"firstTimestamp"`
	LastTimestamp  time.Time `json:"lastTimestamp"`
	Source         string    `json:"source"`
}

func (s *Source) eventsAbout(ctx context.Context, about subject, plane facts.Plane, by fields.Selector) ([]facts.Object, *refusal) {
	ref := about.ref
	if reference.Object(ref) != nil {
		return nil, nil
	}
	query := url.Values{"version": {about.version}, "kind": {ref.Kind}, "name": {ref.Name}}
	if ref.Group != "" {
		query.Set("group", ref.Group)
	}
	var answer struct {
		Events *[]event `json:"events"`
	}
	refused := s.client.get(ctx, about.binding, "events", query, maxEvents, func(r io.Reader) error {
		if err := json.NewDecoder(r).Decode(&answer); err != nil {
			return fmt.Errorf("it is no list of events: %w", err)
		}
		if answer.Events == nil || len(*answer.Events) > maxTold {
			return errors.New("it is no list of events, or has too many")
		}
		return nil
	})
	if refused != nil {
		return nil, refused
	}
	wanted, ofType := by.RequiresExactMatch("type")
	var objects []facts.Object
	for i, e := range *answer.Events {
		if !ofType || e.Type == wanted {
			objects = append(objects, e.object(about, plane, i))
		}
	}
	return objects, nil
}

// object is the Event as a cluster would return it, as far as the API tells. It has no name and no object of its own: both are of whom was
// read.
func (e event) object(about subject, plane facts.Plane, i int) facts.Object {
	kind := map[string]string{"Pod": "pod", "ReplicaSet": "replicaset"}[about.ref.Kind]
	ref := facts.Ref{Plane: plane, Kind: "Event", Namespace: about.ref.Namespace, Name: fmt.Sprintf("%s.%s%d", about.ref.Name, kind, i)}
	involved := map[string]any{"kind": about.ref.Kind, "namespace": about.ref.Namespace, "name": about.ref.Name}
	if about.uid != "" {
		involved["uid"] = about.uid
	}
	body := map[string]any{
		"apiVersion": corev1.SchemeGroupVersion.String(), "kind": "Event", "metadata": map[string]any{"namespace": ref.Namespace, "name": ref.Name},
		"involvedObject": involved, "type": e.Type, "reason": e.Reason, "message": e.Message, "source": map[string]any{"component": e.Source},
	}
	if e.Count > 0 {
		body["count"] = e.Count
	}
	for name, at := range map[string]time.Time{"firstTimestamp": e.FirstTimestamp, "lastTimestamp": e.LastTimestamp} {
		if !at.IsZero() {
			body[name] = at.UTC().Format(time.RFC3339)
		}
	}
	return facts.Object{Ref: ref, Outcome: facts.Found, Body: &unstructured.Unstructured{Object: body}}
}
