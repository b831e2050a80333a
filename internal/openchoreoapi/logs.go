package openchoreoapi

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"k8s.io/apimachinery/pkg/labels"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kinds"
	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podlog"
	"github.com/kubectl-choreo/kubectl-choreo/internal/reference"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

const (
	// logLines and logBytes are those of internal/kube.
	logLines = 20
	logBytes = 16 << 10
	// maxLog bounds an answer: the API returns a log from its beginning. Of a longer one it could only be said what it began with.
	maxLog = 64 << 20
)

// Log reads the last lines of a container's log.
func (s *Source) Log(ctx context.Context, q facts.LogQuery) facts.Log {
	l := facts.Log{Query: q}
	lines := int64(logLines)
	kept, refused := s.log(ctx, q, podlog.Options{Tail: &lines})
	if refused != nil {
		l.Outcome, l.Reason = refused.outcome, refused.reason
		return l
	}
	l.Outcome = facts.Found
	for size := 0; len(kept) > 0; kept = kept[:len(kept)-1] {
		last := kept[len(kept)-1].Log
		if len(last) >= logBytes {
			last = strings.ToValidUTF8(last[:logBytes-1], "")
		}
		if size += len(last) + 1; size > logBytes {
			break
		}
		l.Lines = append(l.Lines, last)
	}
	slices.Reverse(l.Lines)
	return l
}

// OpenLog returns a container's log, to be closed, or a podlog.Error.
func (s *Source) OpenLog(ctx context.Context, q facts.LogQuery, o podlog.Options) (io.ReadCloser, error) {
	refused := unknown("it cannot follow a log; leave out --follow")
	var kept []entry
	if !o.Follow {
		kept, refused = s.log(ctx, q, o)
	}
	if refused != nil {
		return nil, &podlog.Error{Query: q, Outcome: refused.outcome, Reason: refused.reason}
	}
	var text strings.Builder
	for _, e := range kept {
		if o.Timestamps {
			text.WriteString(e.Timestamp + " ")
		}
		text.WriteString(e.Log + "\n")
	}
	return io.NopCloser(strings.NewReader(text.String())), nil
}

// entry is a PodLogEntry (openchoreo v1.2.3 openapi/openchoreo-api.yaml).
type entry struct {
	Timestamp string `json:"timestamp"`
	Log       string `json:"log"`
}

func (s *Source) log(ctx context.Context, q facts.LogQuery, o podlog.Options) ([]entry, *refusal) {
	if err := reference.Log(q); err != nil {
		return nil, &refusal{facts.Invalid, err.Error()}
	}
	if q.Previous {
		return nil, unknown("it does not return the log of a previous run")
	}
	of, refused := s.bindingOf(ctx, q.Pod)
	if refused != nil {
		return nil, refused
	}
	query := url.Values{"podName": {q.Pod.Name}, "container": {q.Container}}
	if o.Since > 0 {
		query.Set("sinceSeconds", strconv.FormatInt(int64((o.Since+time.Second-1)/time.Second), 10))
	}
	var kept []entry
	refused = s.client.get(ctx, of, "logs", query, maxLog, func(r io.Reader) error {
		var err error
		kept, err = readLog(r, o)
		return err
	})
	return kept, refused
}

// bindingOf returns the ReleaseBinding whose tree has a pod. The API looks for a pod of any name in the namespace of a ReleaseBinding, so
// a pod of another component is not requested.
func (s *Source) bindingOf(ctx context.Context, pod facts.Ref) (binding, *refusal) {
	here := slices.DeleteFunc(s.releases.selected(pod.Namespace, labels.Everything()), func(r release) bool { return !s.trees.wasAsked(r.binding) })
	refused := unknown("it does not return %s", quoted(pod.String()))
	for _, found := range s.branches(ctx, here) {
		if found.refusal != nil {
			refused = found.refusal
		}
		for _, n := range found.of(kinds.Core, "Pod") {
			if n.ref.Namespace == pod.Namespace && n.ref.Name == pod.Name {
				return found.release.binding, nil
			}
		}
	}
	return binding{}, refused
}

// readLog reads a ResourcePodLogsResponse one entry at a time, and keeps the wanted ones.
func readLog(r io.Reader, o podlog.Options) ([]entry, error) {
	d := json.NewDecoder(r)
	for _, want := range []json.Token{json.Delim('{'), "logEntries", json.Delim('[')} {
		switch t, err := d.Token(); {
		case err == nil && t == nil && want == json.Delim('['): // null
			return nil, nil
		case err != nil || t != want:
			return nil, errors.New("it is no log")
		}
	}
	var kept []entry
	for d.More() {
		var e entry
		if err := d.Decode(&e); err != nil {
			return nil, fmt.Errorf("it is no log: %w", err)
		}
		if at, err := time.Parse(time.RFC3339Nano, e.Timestamp); err != nil || at.Before(o.SinceTime) {
			continue
		}
		// A line of a log has no end of a line in it: one would forge a second line.
		e.Log = strings.NewReplacer("\n", " ", "\r", " ").Replace(e.Log)
		kept = append(kept, e)
		if o.Tail != nil && int64(len(kept)) > *o.Tail {
			kept = kept[1:]
		}
	}
	if _, err := d.Token(); err != nil {
		return nil, fmt.Errorf("it ends early: %w", err)
	}
	return kept, nil
}
