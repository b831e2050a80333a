package manual

import (
	"fmt"
	"io"
	"regexp"
	"strings"

	"github.com/kubectl-choreo/kubectl-choreo/docs/findings"
	"github.com/kubectl-choreo/kubectl-choreo/pkg/printers/style"
)

// WritePage writes the page of a finding for a terminal.
func WritePage(w io.Writer, markdown string, o style.Options) error {
	p := &page{options: o}
	before := findings.Heading
	for i, block := range findings.Blocks(markdown) {
		if i > 0 && (block.Kind != findings.Item || before != findings.Item) {
			p.add(0, "")
		}
		p.block(block)
		before = block.Kind
	}
	if _, err := io.WriteString(w, strings.Join(p.lines, "\n")+"\n"); err != nil {
		return fmt.Errorf("write page: %w", err)
	}
	return nil
}

// page is the lines so far.
type page struct {
	options style.Options
	lines   []string
}

// bodyIndent is where text begins, below headings at the edge.
const bodyIndent = 2

func (p *page) block(b findings.Block) {
	text := p.options.NameProgram(b.Text)
	switch b.Kind {
	case findings.Heading:
		p.add(0, p.options.Paint("1", text))
	case findings.Item:
		first := len(p.lines)
		p.text(bodyIndent+len("- "), text)
		if first < len(p.lines) {
			p.lines[first] = strings.Repeat(" ", bodyIndent) + "- " + strings.TrimLeft(p.lines[first], " ")
		}
	case findings.Commands:
		for _, line := range b.Lines {
			p.add(bodyIndent+2, p.options.NameProgram(line))
		}
	case findings.Paragraph:
		p.text(bodyIndent, text)
	}
}

func (p *page) add(indent int, line string) {
	p.lines = append(p.lines, strings.TrimRight(strings.Repeat(" ", indent)+p.options.ToASCII(line), " "))
}

// text writes a paragraph. A command in it gets a line of its own, without the punctuation behind it, so that it can be copied.
func (p *page) text(indent int, text string) {
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
