// What pages can do beyond links and forms. Each module finds its elements by data- attributes.
import "./announce.js";
import "./charts.js";
import "./confirm.js";
import "./drop.js";
import "./filters.js";
import "./keys.js";
import "./menus.js";
import "./messages.js";
import "./tools.js";
