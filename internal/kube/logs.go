package kube

import (
	"context"
	"fmt"
	"io"
	"strconv"
	"strings"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// These limits fit the beginning of a stack trace, and the output fits on a screen.
const (
	logLines = 20
	logBytes = 16 << 10
)

// Log reads the last lines of a container's log.
func (s *Source) Log(ctx context.Context, q facts.LogQuery) facts.Log {
	l := facts.Log{Query: q}
	at, err := logPath(q)
	if err != nil {
		l.Outcome, l.Reason = outcome(err, q.Pod.Name)
		return l
	}
	body, err := s.cluster(q.Pod.Plane).do(ctx, func(c *rest.RESTClient) *rest.Request {
		return accept(c.Get().AbsPath(at...), "text/plain, */*").Param("container", q.Container).
			Param("previous", strconv.FormatBool(q.Previous)).
			Param("tailLines", strconv.Itoa(logLines)).Param("limitBytes", strconv.Itoa(logBytes))
	})
	if err != nil {
		l.Outcome, l.Reason = outcome(err, q.Pod.Name)
		return l
	}
	l.Outcome = facts.Found
	if text := strings.TrimRight(string(body), "\n"); text != "" {
		l.Lines = strings.Split(text, "\n")
	}
	return l
}

// LogOptions select a part of a log, with the meaning of the flags of kubectl logs. The zero value is the whole log.
type LogOptions struct {
	Follow     bool // until the container ends
	Timestamps bool // before each line
	Since      time.Duration
	SinceTime  time.Time
	Tail       *int64 // the number of last lines; nil is all
}

// LogError means that a log cannot be read. Its text is the message of the API server or of the kubelet.
type LogError struct {
	Query   facts.LogQuery
	Outcome facts.Outcome
	Reason  string
}

func (e *LogError) Error() string {
	return fmt.Sprintf("cannot read the log of container %s of %s: %s", e.Query.Container, e.Query.Pod, e.Reason)
}

// OpenLog returns a container's log as it is, which the caller closes. It fails with a LogError. The timeout of requests bounds only the
// beginning of the response.
func (s *Source) OpenLog(ctx context.Context, q facts.LogQuery, o LogOptions) (io.ReadCloser, error) {
	at, err := logPath(q)
	if err == nil {
		var body io.ReadCloser
		c := s.cluster(q.Pod.Plane)
		if body, err = again(ctx, func() (io.ReadCloser, error) { return o.request(c.logs, q, at).Stream(ctx) }); err == nil {
			return body, nil
		}
	}
	refused := &LogError{Query: q}
	refused.Outcome, refused.Reason = outcome(err, q.Pod.Name)
	return nil, refused
}

func (o LogOptions) request(client *rest.RESTClient, q facts.LogQuery, at []string) *rest.Request {
	r := accept(client.Get().AbsPath(at...), "text/plain, */*").Param("container", q.Container).
		Param("previous", strconv.FormatBool(q.Previous)).Param("follow", strconv.FormatBool(o.Follow)).Param("timestamps", strconv.FormatBool(o.Timestamps))
	if o.Since > 0 {
		r = r.Param("sinceSeconds", strconv.FormatInt(int64((o.Since+time.Second-1)/time.Second), 10)) // whole seconds, rounded up as kubectl does
	}
	if !o.SinceTime.IsZero() {
		r = r.Param("sinceTime", o.SinceTime.UTC().Format(time.RFC3339))
	}
	if o.Tail != nil {
		r = r.Param("tailLines", strconv.FormatInt(*o.Tail, 10))
	}
	return r
}
