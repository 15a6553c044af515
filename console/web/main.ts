/** What the staff pages do in the browser: htmx, and the few things it cannot. */
import "htmx.org";
import "./style.css";
