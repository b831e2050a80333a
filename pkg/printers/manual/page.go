package manual

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// WritePage writes one of our own Markdown pages for a terminal: headings, paragraphs, lists and blocks of commands. It knows
// no more of Markdown than that.
func WritePage(w io.Writer, markdown string, o style.Options) error {
	p := &page{options: o}
	for _, line := range strings.Split(strings.TrimSpace(o.NameProgram(markdown)), "\n") {
		p.read(line)
	}
	p.flush()
	if _, err := io.WriteString(w, strings.Join(p.lines, "\n")+"\n"); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// page turns Markdown into lines. What belongs to one paragraph is gathered first, as its own lines end anywhere.
type page struct {
	options style.Options
	lines   []string
	text    []string // of the paragraph so far
	bullet  bool     // the paragraph is an item of a list
	block   bool     // within a block of commands
}

// bodyIndent is where text begins, below headings at the edge.
const bodyIndent = 2

func (p *page) read(line string) {
	trimmed := strings.TrimSpace(line)
	switch {
	case strings.HasPrefix(trimmed, "```"):
		p.flush()
		p.block = !p.block
	case p.block:
		p.add(bodyIndent+2, line)
	case trimmed == "":
		p.flush()
		p.add(0, "")
	case strings.HasPrefix(trimmed, "#"):
		p.flush()
		p.add(0, p.options.Paint("1", strings.TrimLeft(trimmed, "# ")))
	case strings.HasPrefix(line, "- "):
		p.flush()
		p.bullet, p.text = true, []string{strings.TrimSpace(line[2:])}
	default:
		p.text = append(p.text, trimmed)
	}
}

func (p *page) add(indent int, line string) {
	p.lines = append(p.lines, strings.TrimRight(strings.Repeat(" ", indent)+p.options.ToASCII(line), " "))
}

// flush writes the paragraph. A command in it gets a line of its own, without the punctuation behind it, so that it can
// be copied.
func (p *page) flush() {
	text := strings.Join(p.text, " ")
	indent, first := bodyIndent, len(p.lines)
	if p.bullet {
		indent += len("- ")
	}
	command := regexp.MustCompile("`((?:kubectl|flux|git|argocd) [^`]+)`[.,;]?")
	for text != "" {
		at := command.FindStringSubmatchIndex(text)
		if at == nil {
			at = []int{len(text), len(text), len(text), len(text)}
		}
		p.running(indent, text[:at[0]])
		if at[2] < at[3] {
			p.add(indent+2, text[at[2]:at[3]])
		}
		text = text[at[1]:]
	}
	if p.bullet && first < len(p.lines) {
		p.lines[first] = strings.Repeat(" ", bodyIndent) + "- " + strings.TrimLeft(p.lines[first], " ")
	}
	p.text, p.bullet = nil, false
}

func (p *page) running(indent int, text string) {
	words := spans(text)
	if len(words) == 0 {
		return
	}
	for _, line := range style.Fill(words, p.options.TextWidth(indent)) {
		p.add(indent, line)
	}
}

// spans splits text at its spaces. Code of one word loses its backticks; code of several keeps them, to show where it
// ends, and is not broken.
func spans(text string) []string {
	words := regexp.MustCompile("(?:[^\\s`]|`[^`]*`)+|`").FindAllString(text, -1)
	for i, word := range words {
		if !strings.Contains(word, " ") {
			words[i] = strings.ReplaceAll(word, "`", "")
		}
	}
	return words
}

// Section is a heading of a list, with its items.
type Section struct {
	Title string
	Items []Item
}

// Item is a name and what is said of it, in one sentence.
type Item struct{ Name, Text string }

// WriteList writes sections of names in one column, each with its sentence beside it.
func WriteList(w io.Writer, sections []Section, o style.Options) error {
	p := &page{options: o}
	column := 0
	for _, s := range sections {
		for _, item := range s.Items {
			column = max(column, style.Cells(item.Name))
		}
	}
	for i, s := range sections {
		if i > 0 {
			p.add(0, "")
		}
		p.add(0, o.Paint("1", s.Title))
		for _, item := range s.Items {
			p.item(item, column+2)
		}
	}
	if _, err := io.WriteString(w, strings.Join(p.lines, "\n")+"\n"); err != nil {
		return fmt.Errorf("write list: %w", err)
	}
	return nil
}

func (p *page) item(item Item, column int) {
	name := item.Name
	for _, line := range style.Fill(spans(item.Text), p.options.TextWidth(bodyIndent+column)) {
		p.add(bodyIndent, style.Pad(name, column)+line)
		name = ""
	}
}
