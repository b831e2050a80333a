// Package podlog is the request for the log of a container, with the options of kubectl logs.
package podlog

import (
	"fmt"
	"strconv"
	"time"

	"k8s.io/client-go/rest"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/facts"
)

// Options select a part of a log, with the meaning of the flags of kubectl logs. The zero value is the whole log.
type Options struct {
	Follow     bool // until the container ends
	Timestamps bool // before each line
	Since      time.Duration
	SinceTime  time.Time
	Tail       *int64 // the number of last lines; nil is all
}

// Error means that a log cannot be read. Its reason is the message of the API server or of the kubelet.
type Error struct {
	Query   facts.LogQuery
	Outcome facts.Outcome
	Reason  string
}

func (e *Error) Error() string {
	return fmt.Sprintf("cannot read the log of container %s of %s: %s", e.Query.Container, e.Query.Pod, e.Reason)
}

// Request returns the request for a log at a path.
func Request(client *rest.RESTClient, path []string, q facts.LogQuery, o Options) *rest.Request {
	r := client.Get().AbsPath(path...).SetHeader("Accept", "text/plain, */*").Param("container", q.Container).
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
