package findings

import "strings"

// BlockKind is what a Block is.
type BlockKind uint8

const (
	// Paragraph is the zero value.
	Paragraph BlockKind = iota
	// Heading is a heading of any level.
	Heading
	// Item is an item of a list.
	Item
	// Commands are lines of code: each a command, or in the example what one printed.
	Commands
)

// Block is one part of a page.
type Block struct {
	Kind  BlockKind
	Text  string   // in one line, with backticks around code; "" for Commands
	Lines []string // of Commands
}

// WithoutExample is a page up to its example.
func WithoutExample(page string) string {
	page, _, _ = strings.Cut(page, "\n## Example\n")
	return page
}

// Blocks parses a page. Pages have headings, paragraphs, flat lists and blocks of commands, and nothing else of Markdown.
func Blocks(page string) []Block {
	var all []Block
	isOpen, isCode := false, false // whether the next line belongs to the last block
	begin := func(kind BlockKind, text string) {
		all, isOpen = append(all, Block{Kind: kind, Text: text}), kind != Heading
	}
	for line := range strings.SplitSeq(page, "\n") {
		trimmed := strings.TrimSpace(line)
		switch {
		case strings.HasPrefix(trimmed, "```"):
			if isCode = !isCode; isCode {
				begin(Commands, "")
			}
			isOpen = isCode
		case isCode:
			last := &all[len(all)-1]
			last.Lines = append(last.Lines, line)
		case trimmed == "":
			isOpen = false
		case strings.HasPrefix(trimmed, "#"):
			begin(Heading, strings.TrimLeft(trimmed, "# "))
		case strings.HasPrefix(line, "- "):
			begin(Item, strings.TrimSpace(line[2:]))
		case isOpen:
			last := &all[len(all)-1]
			last.Text += " " + trimmed
		default:
			begin(Paragraph, trimmed)
		}
	}
	return all
}
