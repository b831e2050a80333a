// Package endpoints requests the endpoints of a traced component: what --probe of several commands does, and its flags.
package endpoints

import (
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/pflag"

	"github.com/kubectl-choreo/kubectl-choreo/internal/probe"
)

// Options are the flags --probe and --probe-….
type Options struct {
	On     bool
	Parsed probe.Options // after Complete

	headers []string
	path    string
	timeout time.Duration
	status  string
}

// AddFlags adds the flags. usage is that of --probe.
func (o *Options) AddFlags(f *pflag.FlagSet, usage string) {
	f.BoolVar(&o.On, "probe", false, usage)
	f.StringVar(&o.path, "probe-path", "", "path of the probe, appended to the URL")
	f.StringArrayVar(&o.headers, "probe-header", nil, "header of the probe, as `NAME: VALUE`; may be repeated")
	f.DurationVar(&o.timeout, "probe-timeout", 5*time.Second, "timeout of one probe")
	f.StringVar(&o.status, "probe-status", "200-399", "HTTP statuses that pass, such as 200-299,401; redirects are not followed")
}

// Complete refuses invalid values.
func (o *Options) Complete() error {
	if o.timeout <= 0 {
		return fmt.Errorf("invalid --probe-timeout %s: it must be greater than 0", o.timeout)
	}
	status, err := probe.ParseStatuses(o.status)
	if err != nil {
		return fmt.Errorf("invalid --probe-status: %w", err)
	}
	o.Parsed = probe.Options{Header: http.Header{}, Timeout: o.timeout, Status: status, Path: o.path, Now: time.Now}
	for _, h := range o.headers {
		name, value, found := strings.Cut(h, ":")
		if name = strings.TrimSpace(name); !found || name == "" {
			return fmt.Errorf("invalid --probe-header: use NAME: VALUE, such as 'Authorization: Bearer x'")
		}
		o.Parsed.Header.Add(name, strings.TrimSpace(value))
	}
	return nil
}
