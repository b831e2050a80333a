// Package versions writes the version of the program, and of the controllers of a cluster.
package versions

import (
	"fmt"
	"io"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/data"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// Version is what a program reports about its build and the controllers of its cluster.
type Version struct {
	Client     Build       `json:"client"`
	OpenChoreo *Controller `json:"openchoreo,omitempty"`
	Flux       *Controller `json:"flux,omitempty"`
}

// Build is how a program was made. What it does not know of itself is empty.
type Build struct {
	Version  string `json:"version"`
	Commit   string `json:"commit,omitempty"`
	Date     string `json:"date,omitempty"` // of the commit, RFC 3339
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

// Controller is what runs on the cluster, or why that could not be seen.
type Controller struct {
	Version string `json:"version,omitempty"` // empty: it runs, and does not say which it is
	Image   string `json:"image,omitempty"`
	Error   string `json:"error,omitempty"`
}

// Formats are the names that Version.Print knows.
func Formats() []string { return []string{"text", "json", "yaml"} }

// Document is the version as data.
func (v Version) Document() any {
	return struct {
		APIVersion string `json:"apiVersion"`
		Kind       string `json:"kind"`
		Version
	}{data.APIVersion, "Version", v}
}

// Print writes a line for each program, or one document of data.
func (v Version) Print(w io.Writer, format string, _ style.Options) error {
	switch format {
	case "text":
		if _, err := io.WriteString(w, v.text()); err != nil {
			return fmt.Errorf("write: %w", err)
		}
		return nil
	case "json":
		return data.Write(w, data.JSON, v.Document())
	case "yaml":
		return data.Write(w, data.YAML, v.Document())
	}
	return fmt.Errorf("unknown output format %q; use one of %s", format, strings.Join(Formats(), ", "))
}

func (v Version) text() string {
	build := ""
	if v.Client.Commit != "" {
		build = fmt.Sprintf(" (%.12s, %s)", v.Client.Commit, v.Client.Date)
	}
	lines := fmt.Sprintf("kubectl-choreo %s%s, %s, %s\n", v.Client.Version, build, v.Client.Go, v.Client.Platform)
	if v.OpenChoreo != nil && v.Flux != nil && v.OpenChoreo.Error != "" && *v.OpenChoreo == *v.Flux {
		return lines + v.Flux.line("OpenChoreo and Flux")
	}
	return lines + v.OpenChoreo.line("OpenChoreo") + v.Flux.line("Flux")
}

// line is empty if nothing was read.
func (c *Controller) line(name string) string {
	switch {
	case c == nil:
		return ""
	case c.Error != "":
		return fmt.Sprintf("%s not seen: %s\n", name, escape.Line(c.Error))
	case c.Version == "":
		return fmt.Sprintf("%s of an unknown version (%s)\n", name, escape.Line(c.Image))
	}
	return fmt.Sprintf("%s %s (%s)\n", name, escape.Line(c.Version), escape.Line(c.Image))
}
