package kube

import (
	"context"
	"io"
	"strconv"
	"strings"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/internal/kube/podlog"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// These limits fit the beginning of a stack trace, and the output fits on a screen.
const (
	logLines = 20
	logBytes = 16 << 10
)

// Log reads the last lines of a container's log.
func (s *Source) Log(ctx context.Context, q facts.LogQuery) facts.Log {
	if r := s.reader(ctx, q.Pod.Plane); r != nil {
		return r.Log(ctx, q)
	}
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

// OpenLog returns a container's log as it is, to be closed, or a podlog.Error. The timeout bounds only the beginning of the response.
func (s *Source) OpenLog(ctx context.Context, q facts.LogQuery, o podlog.Options) (io.ReadCloser, error) {
	if r := s.reader(ctx, q.Pod.Plane); r != nil {
		return r.OpenLog(ctx, q, o)
	}
	at, err := logPath(q)
	if err == nil {
		var body io.ReadCloser
		c := s.cluster(q.Pod.Plane)
		if body, err = withRetry(ctx, func() (io.ReadCloser, error) { return podlog.Request(c.logs, at, q, o).Stream(ctx) }); err == nil {
			return body, nil
		}
	}
	refused, reason := outcome(err, q.Pod.Name)
	return nil, &podlog.Error{Query: q, Outcome: refused, Reason: reason}
}
