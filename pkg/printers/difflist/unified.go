package difflist

import (
	"fmt"
	"io"
	"strings"

	udiff "github.com/aymanbagabas/go-udiff"
	"sigs.k8s.io/yaml"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/escape"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// contextLines are those around a change, as of diff -u.
const contextLines = 3

// Colours of the lines of a diff, as git has them.
const (
	bold  = "1"
	red   = "31"
	green = "32"
	cyan  = "36"
)

// writeDiff writes a unified diff of each object that differs, below a line that names the object. Programs that read a diff skip this
// line.
func (l List) writeDiff(w io.Writer, o style.Options) error {
	for _, object := range l.Objects {
		if !object.Differs() {
			continue
		}
		text, err := l.unified(object, o)
		if err != nil {
			return err
		}
		if _, err := io.WriteString(w, text); err != nil {
			return fmt.Errorf("write: %w", err)
		}
	}
	return nil
}

func (l List) unified(object Object, o style.Options) (string, error) {
	from, err := Text(object.FromContent)
	if err != nil {
		return "", err
	}
	to, err := Text(object.ToContent)
	if err != nil {
		return "", err
	}
	nameFrom, nameTo := l.From+"/"+object.fileName(), l.To+"/"+object.fileName()
	switch object.State {
	case OnlyInFrom:
		nameTo = "/dev/null"
	case OnlyInTo:
		nameFrom = "/dev/null"
	case Changed, Same, NotCompared:
	}
	diff, err := udiff.ToUnified(escape.Line(nameFrom), escape.Line(nameTo), from, udiff.Lines(from, to), contextLines)
	if err != nil {
		return "", fmt.Errorf("compare %s: %w", object.Object, err)
	}
	var out strings.Builder
	out.WriteString(o.Paint(bold, object.title()) + "\n")
	for line := range strings.Lines(diff) {
		line = strings.TrimSuffix(line, "\n")
		out.WriteString(o.Paint(color(line), escape.Preformatted(line)) + "\n")
	}
	return out.String(), nil
}

// title names an object, its environment, where it is declared, and what explains the difference.
func (o Object) title() string {
	title := escape.Line(o.Object.String())
	if o.Environment != "" {
		title += " (" + escape.Line(o.Environment) + ")"
	}
	if o.File != "" {
		title += ", " + escape.Line(o.File)
		if o.Line > 0 {
			title += fmt.Sprintf(":%d", o.Line)
		}
	}
	if o.Reason != "" {
		title += ": " + escape.Line(o.Reason)
	}
	return escape.WorkflowCommand(title)
}

// fileName is the name under which a diff has the object.
func (o Object) fileName() string {
	parts := []string{o.Object.Kind, o.Object.Namespace, o.Object.Name}
	if o.Object.Namespace == "" {
		parts = []string{o.Object.Kind, o.Object.Name}
	}
	return strings.Join(parts, "/")
}

func color(line string) string {
	switch {
	case strings.HasPrefix(line, "--- "), strings.HasPrefix(line, "+++ "):
		return bold
	case strings.HasPrefix(line, "@@"):
		return cyan
	case strings.HasPrefix(line, "-"):
		return red
	case strings.HasPrefix(line, "+"):
		return green
	}
	return ""
}

// Text is an object as YAML; nothing where there is none.
func Text(content map[string]any) (string, error) {
	if content == nil {
		return "", nil
	}
	text, err := yaml.Marshal(content)
	if err != nil {
		return "", fmt.Errorf("encode: %w", err)
	}
	return string(text), nil
}
