# An API client in Tcl. Usage: client.tcl HOST PORT USER PASSWORD. Orders and answers as in client.py.
lassign $argv host port user password
set line [socket $host $port]
fconfigure $line -translation binary -buffering full
fconfigure stdin -encoding utf-8
fconfigure stdout -encoding utf-8 -buffering line

proc lengthOf {length} {
    if {$length < 0x80} { return [binary format c $length] }
    if {$length < 0x4000} { return [binary format S [expr {$length | 0x8000}]] }
    if {$length < 0x200000} { return [string range [binary format I [expr {$length | 0xC00000}]] 1 end] }
    if {$length < 0x10000000} { return [binary format I [expr {$length | 0xE0000000}]] }
    return "\xF0[binary format I $length]"
}
proc writeSentence {words} {
    global line
    foreach word $words {
        set data [encoding convertto utf-8 $word]
        puts -nonewline $line [lengthOf [string length $data]]$data
    }
    puts -nonewline $line "\x00"
    flush $line
}
proc readExactly {count} {
    global line
    set data [read $line $count]
    if {[string length $data] < $count} { error "connection closed by remote end" }
    return $data
}
proc readWord {} {
    set first [scan [readExactly 1] %c]
    set more 0
    set length $first
    foreach {from mask bytes} {0xF0 0x00 4 0xE0 0x0F 3 0xC0 0x1F 2 0x80 0x3F 1} {
        if {$first >= $from} { set length [expr {$first & $mask}]; set more $bytes; break }
    }
    while {$more > 0} { set length [expr {$length * 256 + [scan [readExactly 1] %c]}]; incr more -1 }
    if {$length == 0} { return "" }
    return [encoding convertfrom utf-8 [readExactly $length]]
}
proc readSentence {} {
    set words {}
    while 1 {
        set word [readWord]
        if {$word ne ""} { lappend words $word } elseif {[llength $words]} { return $words }
    }
}
proc quoted {text} {
    set out ""
    foreach char [split $text ""] {
        scan $char %c code
        if {$code < 32 || $code == 34 || $code == 92 || $code > 126} { append out [format {\u%04x} $code] } else { append out $char }
    }
    return "\"$out\""
}
proc show {words} { puts "\[[join [lmap word $words {quoted $word}] ,]\]" }
# A JSON list of strings without escapes other than \n, \t, \" \\ and \uXXXX, as JSON.stringify writes it.
proc strings {json} {
    lmap {all body} [regexp -all -inline {"((?:[^"\\]|\\.)*)"} $json] { subst -nocommands -novariables $body }
}
proc talk {words} {
    writeSentence $words
    set replies {}
    while 1 {
        set sentence [readSentence]
        lappend replies $sentence
        if {[lindex $sentence 0] in {!done !fatal}} { return $replies }
    }
}
foreach sentence [talk [list /login =name=$user =password=$password]] { show $sentence }
while {[gets stdin order] >= 0} {
    set words [strings $order]
    set rest [lrange $words 1 end]
    switch [lindex $words 0] {
        send { writeSentence $rest }
        read { show [readSentence] }
        default { foreach sentence [talk $rest] { show $sentence } }
    }
}
